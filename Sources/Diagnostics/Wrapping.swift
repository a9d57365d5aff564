/// Breaks text into lines of at most `width` columns, between words. Lines that begin with a blank are left as they are: somebody laid
/// them out. A word longer than a line gets one of its own.
func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
        if paragraph.first == " " || paragraph.first == "\t" || DisplayText.width(of: paragraph) <= width {
            lines.append(String(paragraph))
            continue
        }
        var line = ""
        var used = 0
        for word in paragraph.split(separator: " ") {
            let needed = DisplayText.width(of: word)
            if used > 0, used + 1 + needed > width {
                lines.append(line)
                line = ""
                used = 0
            }
            if used > 0 {
                line += " "
                used += 1
            }
            line += word
            used += needed
        }
        lines.append(line)
    }
    return lines
}
