pbpk <- function() {
 ini({ CLint <- 60; Km <- 5; fu <- .1; BP <- 1.1; ka <- .9; Fg <- .8; ren <- 4 })
 model({
  CO <- 390
  Qbrain <- 0.12*CO
  Qheart <- 0.04*CO
  Qmuscle <- 0.17*CO
  Qskin <- 0.05*CO
  Qfat <- 0.05*CO
  Qbone <- 0.05*CO
  Qkidney <- 0.19*CO
  Qspleen <- 0.03*CO
  Qgut <- 0.15*CO
  Qpancreas <- 0.01*CO
  Qrest <- 0.06*CO
  Qliver <- .08*CO; Qhv <- Qliver + Qspleen + Qgut + Qpancreas
  Clung <- Alung/0.5; Olung <- Clung*BP/0.9
  Cbrain <- Abrain/1.4; Obrain <- Cbrain*BP/1.8
  Cheart <- Aheart/0.3; Oheart <- Cheart*BP/1.5
  Cmuscle <- Amuscle/29; Omuscle <- Cmuscle*BP/2.1
  Cskin <- Askin/3.3; Oskin <- Cskin*BP/1.9
  Cfat <- Afat/18; Ofat <- Cfat*BP/8
  Cbone <- Abone/10; Obone <- Cbone*BP/1.2
  Ckidney <- Akidney/0.3; Okidney <- Ckidney*BP/3
  Cspleen <- Aspleen/0.15; Ospleen <- Cspleen*BP/2
  Cgut <- Agut/1.2; Ogut <- Cgut*BP/2.5
  Cpancreas <- Apancreas/0.1; Opancreas <- Cpancreas*BP/2.2
  Cliver <- Aliver/1.8; Oliver <- Cliver*BP/3.4
  Crest <- Arest/5; Orest <- Crest*BP/1.7
  Cart <- Aart/1.7; Cven <- Aven/3.9; Cp <- Cven/BP
  d/dt(Agi) <- -ka*Agi
  f(Agi) <- Fg
  d/dt(Alung) <- CO*(Cven-Olung)
  d/dt(Aart) <- CO*(Olung-Cart)
  d/dt(Abrain) <- Qbrain*(Cart-Obrain)
  d/dt(Aheart) <- Qheart*(Cart-Oheart)
  d/dt(Amuscle) <- Qmuscle*(Cart-Omuscle)
  d/dt(Askin) <- Qskin*(Cart-Oskin)
  d/dt(Afat) <- Qfat*(Cart-Ofat)
  d/dt(Abone) <- Qbone*(Cart-Obone)
  d/dt(Aspleen) <- Qspleen*(Cart-Ospleen)
  d/dt(Apancreas) <- Qpancreas*(Cart-Opancreas)
  d/dt(Arest) <- Qrest*(Cart-Orest)
  d/dt(Agut) <- Qgut*(Cart-Ogut) + ka*Agi
  d/dt(Akidney) <- Qkidney*(Cart-Okidney) - ren*fu*Okidney/BP
  d/dt(Aliver) <- Qliver*Cart + Qspleen*Ospleen + Qgut*Ogut + Qpancreas*Opancreas - Qhv*Oliver - CLint*fu*Oliver/BP/(1+fu*Oliver/BP/Km)
  d/dt(Aven) <- Qbrain*Obrain + Qheart*Oheart + Qmuscle*Omuscle + Qskin*Oskin + Qfat*Ofat + Qbone*Obone + Qkidney*Okidney + Qrest*Orest +
    Qhv*Oliver - CO*Cven
  })
}
