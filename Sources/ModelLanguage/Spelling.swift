/// Finds the word that was probably meant.
enum Spelling {
    /// The word with the fewest changed letters, at most two and fewer than the word has; nil if none is near.
    /// Of equally near words, the first.
    static func nearest(to word: String, among known: [String]) -> String? {
        guard word.utf8.count <= 32 else { return nil }
        var best: (word: String, distance: Int)?
        for candidate in known {
            let distance = distance(Array(word.utf8), Array(candidate.utf8))
            if distance <= 2, distance < candidate.utf8.count, distance < best?.distance ?? 3 {
                best = (candidate, distance)
            }
        }
        return best?.word
    }

    /// Levenshtein distance: insertions, deletions and replacements.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for i in left.indices {
            var diagonal = row[0]
            row[0] = i + 1
            for j in right.indices {
                let replaced = diagonal + (left[i] == right[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
            }
        }
        return row[right.count]
    }
}
