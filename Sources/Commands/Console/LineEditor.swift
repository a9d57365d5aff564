/// A line that is being typed: what keys do to it. Draws nothing and reads nothing.
struct LineEditor {
    enum Key: Equatable {
        case text(String)
        case enter, endOfInput, interrupt
        case left, right, up, down, start, end, wordLeft, wordRight
        case backspace, delete, deleteWord, deleteToStart, deleteToEnd
        case search, clear
    }

    enum Effect: Equatable {
        case none
        /// The line as it is when Enter is pressed.
        case line(String)
        case cancelled
        /// Nothing more will come.
        case ended
        /// The screen is to be wiped.
        case cleared
    }

    private(set) var characters: [Character] = []
    /// Characters before the cursor.
    private(set) var cursor = 0
    /// Oldest first; kept in memory alone.
    private(set) var history: [String] = []
    /// Which of them is shown; their count: the line that is being typed.
    private var place = 0
    private var draft = ""
    /// What is being searched for backwards, while that goes on.
    private(set) var sought: String?

    var text: String { String(characters) }

    mutating func handle(_ key: Key) -> Effect {
        if sought != nil, let effect = search(key) { return effect }
        switch key {
        case .text(let text): insert(text)
        case .enter: return .line(take())
        case .endOfInput:
            if characters.isEmpty { return .ended }
            remove(cursor..<min(cursor + 1, characters.count))
        case .interrupt:
            set("")
            place = history.count
            return .cancelled
        case .left: cursor = max(0, cursor - 1)
        case .right: cursor = min(characters.count, cursor + 1)
        case .start: cursor = 0
        case .end: cursor = characters.count
        case .wordLeft: cursor = wordStart
        case .wordRight: cursor = wordEnd
        case .up: recall(place - 1)
        case .down: recall(place + 1)
        case .backspace: if cursor > 0 { remove(cursor - 1..<cursor) }
        case .delete: remove(cursor..<min(cursor + 1, characters.count))
        case .deleteWord: remove(wordStart..<cursor)
        case .deleteToStart: remove(0..<cursor)
        case .deleteToEnd: remove(cursor..<characters.count)
        case .search: sought = ""
        case .clear: return .cleared
        }
        return .none
    }

    /// An input that was answered; the same twice in a row is kept once.
    mutating func remember(_ input: String) {
        if !input.isEmpty, history.last != input { history.append(input) }
        place = history.count
        draft = ""
    }

    // MARK: Editing

    private mutating func insert(_ text: String) {
        let typed = Array(text)
        characters.insert(contentsOf: typed, at: cursor)
        cursor += typed.count
    }

    private mutating func remove(_ range: Range<Int>) {
        characters.removeSubrange(range)
        cursor = range.lowerBound
    }

    private mutating func set(_ text: String) {
        characters = Array(text)
        cursor = characters.count
    }

    private mutating func take() -> String {
        let line = text
        set("")
        place = history.count
        return line
    }

    private var wordStart: Int {
        var index = cursor
        while index > 0, !characters[index - 1].isWordPart { index -= 1 }
        while index > 0, characters[index - 1].isWordPart { index -= 1 }
        return index
    }

    private var wordEnd: Int {
        var index = cursor
        while index < characters.count, !characters[index].isWordPart { index += 1 }
        while index < characters.count, characters[index].isWordPart { index += 1 }
        return index
    }

    // MARK: History

    private mutating func recall(_ index: Int) {
        guard index >= 0, index <= history.count, index != place else { return }
        if place == history.count { draft = text }
        place = index
        set(index == history.count ? draft : history[index])
    }

    /// While searching: letters narrow it, a second Ctrl-R goes further back, anything else takes what was found.
    private mutating func search(_ key: Key) -> Effect? {
        let wanted: String
        var limit = history.count
        switch key {
        case .text(let text): wanted = (sought ?? "") + text
        case .backspace: wanted = String((sought ?? "").dropLast())
        case .search:
            wanted = sought ?? ""
            limit = place
        case .interrupt:
            sought = nil
            return nil
        default:
            sought = nil
            return nil
        }
        sought = wanted
        if !wanted.isEmpty, let found = history[..<max(0, limit)].lastIndex(where: { $0.contains(wanted) }) {
            if place == history.count { draft = text }
            place = found
            set(history[found])
        }
        return Effect.none
    }
}

extension Character {
    fileprivate var isWordPart: Bool { isLetter || isNumber || self == "_" }
}
