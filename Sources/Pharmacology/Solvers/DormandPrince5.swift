extension ExplicitTableau {
    /// The explicit Runge–Kutta pair of order 5(4) of Dormand and Prince, with its fourth-order continuous extension.
    ///
    /// Source: J. R. Dormand, P. J. Prince, J. Comput. Appl. Math. 6 (1980) 19–26, table 2 (RK5(4)7M); the continuous
    /// extension is that of E. Hairer, S. P. Nørsett, G. Wanner, Solving Ordinary Differential Equations I, 2nd ed., II.6,
    /// as used in DOPRI5.
    static let order5 = ExplicitTableau(
        order: 5, stages: 7, stabilityLimit: 2, toleranceShare: 0.1,
        nodes: [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1],
        weights: [
            [],
            [1 / 5],
            [3 / 40, 9 / 40],
            [44 / 45, -56 / 15, 32 / 9],
            [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
            [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
            [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
        ],
        error: [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40],
        embedded: nil,
        dense: [
            [
                -12_715_105_075 / 11_282_082_432, 0, 87_487_479_700 / 32_700_410_799, -10_690_763_975 / 1_880_347_072,
                701_980_252_875 / 199_316_789_632, -1_453_857_185 / 822_651_844, 69_997_945 / 29_380_423,
            ]
        ])
}
