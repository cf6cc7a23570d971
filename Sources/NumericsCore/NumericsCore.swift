// NumericsCore
