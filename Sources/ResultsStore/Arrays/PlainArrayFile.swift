import CHDF5
import Foundation

/// An HDF5 file of other programs: arrays of numbers by name, some in groups, without the layout of results.
package struct PlainArrayFile: Sendable {
    /// An array of numbers in row-major order, whatever their width in the file.
    package struct NumberArray: Sendable {
        package var shape: [Int]
        package var values: [Double]
        /// Texts that stand beside it, such as the names of its columns.
        package var texts: [String: [String]]
        /// Whether whole numbers are to be written as such.
        package var isInteger: Bool

        package init(shape: [Int], values: [Double], texts: [String: [String]] = [:], isInteger: Bool = false) {
            (self.shape, self.values, self.texts, self.isInteger) = (shape, values, texts, isInteger)
        }
    }

    /// The arrays by their path from the root without the first slash: `rewards`, `episode_0/rewards`.
    package var arrays: [String: NumberArray]
    /// Numbers that stand at the root.
    package var numbers: [String: Double]
    /// Objects that hold no numbers, which are left out.
    package private(set) var skipped: [String] = []

    package init(arrays: [String: NumberArray], numbers: [String: Double] = [:]) {
        (self.arrays, self.numbers) = (arrays, numbers)
    }

    /// Reads every array of numbers, in groups too.
    ///
    /// - Throws: ``ResultsError`` for what is missing, no HDF5 or damaged.
    package init(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else { throw ResultsError.missingFile(path: path) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw ResultsError.isFolder(path: path) }
        guard try HDF5File.hasSignature(path) else { throw ResultsError.notHDF5(path: path) }
        let file: HDF5File
        do { file = try HDF5File.open(path) } catch ResultsError.library(_, _, let stack) {
            throw ResultsError.damaged(path: path, detail: stack.last ?? "no reason")
        }
        (arrays, numbers) = ([:], [:])
        let root = try file.root()
        for name in Self.remarks where try root.handle.hasAttribute(name) {
            if let value = try root.handle.readAttribute(name).number { numbers[name] = value }
        }
        try read(root, prefix: "", depth: 0)
    }

    /// The attributes that are read. They are asked for by name: other programs do not keep the order of attributes.
    private static let remarks = ["names", "labels", "discount"]
    /// Deeper than this no log of episodes is nested.
    private static let deepest = 4

    private mutating func read(_ group: HDF5Group, prefix: String, depth: Int) throws {
        for name in try group.memberNames() {
            switch try group.member(name) {
            case .group(let inner) where depth < Self.deepest:
                try read(inner, prefix: prefix + name + "/", depth: depth + 1)
            case .group: skipped.append(prefix + name)
            case .array(let array):
                guard try array.holdsNumbers(), let shape = try array.shape()?.shape else {
                    skipped.append(prefix + name)
                    continue
                }
                let count = shape.reduce(1, multipliedSaturating)
                guard case .double(let values) = try array.read(.double, count: count) else { continue }
                var texts: [String: [String]] = [:]
                for remark in Self.remarks where try array.handle.hasAttribute(remark) {
                    if let list = try array.handle.readAttribute(remark).texts { texts[remark] = list }
                }
                arrays[prefix + name] = NumberArray(shape: shape, values: values, texts: texts)
            }
        }
    }

    /// Writes the arrays of the root, in the order of their names, whole or not at all.
    package func write(_ path: String) throws {
        let unfinished = try UnfinishedFile(target: path)
        do {
            let file = try HDF5File.create(unfinished.partial)
            let root = try file.root()
            for (name, value) in numbers.sorted(by: { $0.key < $1.key }) {
                try root.handle.writeAttribute(name, .double([value]), isSingle: true)
            }
            for (name, array) in arrays.sorted(by: { $0.key < $1.key }) {
                let element: ResultElementType = array.isInteger ? .int32 : .double
                let stored = try HDF5Array(
                    name, in: root, element: element, shape: array.shape, isExtendible: false, storage: .contiguous)
                if !array.values.isEmpty {
                    try stored.write(
                        array.isInteger ? .int32(array.values.map { Int32(clamping: Int($0)) }) : .double(array.values))
                }
                for (key, list) in array.texts.sorted(by: { $0.key < $1.key }) where !list.isEmpty {
                    try stored.handle.writeAttribute(key, .string(list), isSingle: false)
                }
            }
            try file.close()
            try unfinished.commit()
        } catch {
            unfinished.discard()
            throw error
        }
    }
}

extension HDF5Array {
    /// Whether its cells are numbers of any width, or truths as other programs write them.
    func holdsNumbers() throws -> Bool {
        let type = try HDF5Handle("H5Dget_type", handle.object, closing: { H5Tclose($0) }) {
            handle.use { H5Dget_type($0) }
        }
        let kind = type.use { H5Tget_class($0) }
        return kind == H5T_INTEGER || kind == H5T_FLOAT || kind == H5T_ENUM
    }
}

extension ResultAttributeValue {
    fileprivate var number: Double? {
        switch self {
        case .number(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }

    fileprivate var texts: [String]? {
        switch self {
        case .text(let text): [text]
        case .texts(let list): list
        default: nil
        }
    }
}
