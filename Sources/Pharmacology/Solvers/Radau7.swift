/// The Radau IIA method of four stages: collocation at the Radau points of 0…1, of order 7, L-stable and stiffly accurate.
///
/// Newton's corrections are made in coordinates in which `A⁻¹` falls into two complex pairs, so that each costs two complex
/// systems of the size of the model (E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, 1996, section IV.8).
/// The tables were computed from the points with 60 digits: `Scripts/radau-tables.py`.
enum Radau7 {
    static let stages = 4
    static let collocation = RadauCollocation(stages)
    /// The share of the tolerance that the error within a step may take.
    static let toleranceShare = 0.6

    /// The eigenvalues `α ± iβ` of `A⁻¹`.
    static let alpha = [4.7871931031284660171, 3.2128068968715339829]
    static let beta = [1.5674764168952081241, 4.7730874332766424998]

    static let inverse: [[Double]] = [
        [5.64410787595008948, 1.92350727705471268, -0.585901482103816292, 0.173878352574245725],
        [-5.04921463839140887, 1.22110002889469179, 1.7546809887608368, -0.434791461212581401],
        [3.49246615862543741, -3.98451789578249641, 0.634792095155218739, 1.82213759843425404],
        [-6.92348825644545451, 6.5952376696281439, -12.1717494131826894, 8.5],
    ]

    /// `A⁻¹ T = T Λ`, the columns of `T` being real and imaginary part of the eigenvector of each pair.
    static let vectors: [[Double]] = [
        [-0.0117808992732970919, -0.035450329928507235, 0.0643812193421983361, 0.0452162360011401479],
        [0.0463444790155447141, -0.0322073076055841403, -0.195002019845278749, -0.0295537866977988155],
        [0.336847607459173235, -0.126066621174752734, 0.292099820613238915, -0.43387812057821367],
        [1.0, 0.0, 1.0, 0.0],
    ]

    static let inverseVectors: [[Double]] = [
        [-1.78033088812207732, 3.6622496273331671, -0.434991295864900943, 0.955826827407923079],
        [-17.9613065674963968, -5.38908698039802567, -1.50474227338339864, 0.545022919619391946],
        [1.78033088812207732, -3.6622496273331671, 0.434991295864900943, 0.0441731725920769207],
        [5.03518214018221476, 1.9435447710807653, -1.91244288266284917, 0.613448213184372081],
    ]
}
