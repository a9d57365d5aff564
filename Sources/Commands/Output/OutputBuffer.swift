/// Many small pieces, few writes.
final class OutputBuffer {
    private var text = ""
    private let terminal: Terminal

    init(_ terminal: Terminal) { self.terminal = terminal }

    func write(_ piece: String) {
        text += piece
        if text.utf8.count > 1 << 16 { flush() }
    }

    func flush() {
        terminal.write(text)
        text = ""
    }
}
