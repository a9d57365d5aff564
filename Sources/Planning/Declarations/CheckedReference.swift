import ConfigModel
import Evaluation

/// A reference that loading has checked already; nil for names that refer to nothing.
func checkedReference(_ traversal: Traversal, file: String = "") -> Reference? {
    // Loading reports every invalid reference: here it is merely no edge.
    try? Reference(traversal, file: file)
}
