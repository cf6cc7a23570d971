# Low-grade glioma: proliferating, quiescent and damaged tissue under chemotherapy (PCV).
# Ribba B et al., Clin Cancer Res 2012;18:5071-5080, doi:10.1158/1078-0432.CCR-12-0084; BioModels BIOMD0000000521 (CC0).
#
# One cycle of chemotherapy is a dose of 1 into drug. Of the variability only that of P0 and Q0 (94 and 54 %) is confirmed;
# the others are recalled from the paper and were found in no second source. The residual error is unconfirmed and left out.
glioma_ribba_2012 <- function() {
  description <- "Tumour growth inhibition with delayed loss of damaged quiescent tissue"
  reference <- "Ribba B et al., Clin Cancer Res 2012;18:5071-5080, doi:10.1158/1078-0432.CCR-12-0084"
  units <- list(time = "month", dosing = "cycles", diameter = "mm")
  covariateData <- list()
  ini({
    llambda <- log(0.121);   label("Growth of proliferating tissue (1/month)")
    lkpq <- log(0.0295);     label("Proliferating to quiescent (1/month)")
    lkqpp <- log(0.0031);    label("Damaged to proliferating (1/month)")
    ldqp <- log(0.00867);    label("Loss of damaged tissue (1/month)")
    lgamma <- log(0.729);    label("Damage by the drug")
    lkde <- log(0.24);       label("Elimination of the drug (1/month)")
    kmax <- fixed(100);      label("Largest diameter (mm)")
    lp0 <- log(7.13);        label("Proliferating tissue at the start (mm)")
    lq0 <- log(41.2);        label("Quiescent tissue at the start (mm)")
    etallambda ~ log(1 + 0.72^2)
    etalkpq ~ log(1 + 0.76^2)
    etalkqpp ~ log(1 + 0.97^2)
    etaldqp ~ log(1 + 0.75^2)
    etalgamma ~ log(1 + 0.37^2)
    etalkde ~ log(1 + 0.70^2)
    etalp0 ~ log(1 + 0.94^2)
    etalq0 ~ log(1 + 0.54^2)
  })
  model({
    lambda <- exp(llambda + etallambda)
    kpq <- exp(lkpq + etalkpq)
    kqpp <- exp(lkqpp + etalkqpp)
    dqp <- exp(ldqp + etaldqp)
    kde <- exp(lkde + etalkde)
    kill <- exp(lgamma + etalgamma) * kde * drug

    p(0) <- exp(lp0 + etalp0)
    q(0) <- exp(lq0 + etalq0)
    diameter <- p + q + qp
    d/dt(drug) <- -kde * drug
    d/dt(p) <- lambda * p * (1 - diameter / kmax) + kqpp * qp - kpq * p - kill * p
    d/dt(q) <- kpq * p - kill * q
    d/dt(qp) <- kill * q - kqpp * qp - dqp * qp
  })
}
