CL=2;V=10;KA=1
k <- CL/V
d/dt(depot) = -KA*depot
d/dt(central) = KA*depot - k*central
cp = central/V
alag(depot)=TLAG;f(depot)=F1;dur(depot)=D1;rate(central)=R1;f(central)=F2;alag(central)=TL2;
