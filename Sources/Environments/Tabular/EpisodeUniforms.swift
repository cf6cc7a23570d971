import NumericsCore

/// The uniform numbers of several episodes side by side, each from the episode's own stream, made sixteen at a time.
///
/// They are the numbers that ``RandomStream/nextUniform()`` gives one after the other.
struct EpisodeUniforms {
    private let key: StreamKey
    private let places: UnsafeMutablePointer<Place>
    /// Two vectors for each place: draws of even index, then of odd index.
    private let numbers: UnsafeMutablePointer<SIMD8<Double>>

    private struct Place {
        var episode = 0
        /// The index of the next draw.
        var drawn = 0
    }

    /// Memory for so many episodes, until ``deallocate()``.
    init(key: StreamKey, count: Int) {
        self.key = key
        places = .allocate(capacity: count)
        places.initialize(repeating: Place(), count: count)
        numbers = .allocate(capacity: 2 * count)
        numbers.initialize(repeating: SIMD8(repeating: 0), count: 2 * count)
    }

    func deallocate() {
        places.deallocate()
        numbers.deallocate()
    }

    /// Puts a place at the start of an episode's stream.
    @inline(__always)
    func begin(_ place: Int, episode: Int) { places[place] = Place(episode: episode, drawn: 0) }

    /// The next number of a place's episode.
    @inline(__always)
    func next(_ place: Int) -> Double {
        let drawn = places[place].drawn
        let index = drawn & 15
        if index == 0 {
            let stream = EpisodeStream.make(key, episode: places[place].episode)
            stream.uniforms(batch: UInt32(truncatingIfNeeded: drawn >> 4), into: numbers + 2 &* place)
        }
        places[place].drawn = drawn &+ 1
        let batch = UnsafeRawPointer(numbers + 2 &* place).assumingMemoryBound(to: Double.self)
        return batch[(index & 1) << 3 | index >> 1]
    }

    /// Lets the episode of one place go on in another.
    func move(_ place: Int, to other: Int) {
        places[other] = places[place]
        numbers[2 * other] = numbers[2 * place]
        numbers[2 * other + 1] = numbers[2 * place + 1]
    }
}
