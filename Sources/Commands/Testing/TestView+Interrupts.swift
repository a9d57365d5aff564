import Addresses
import Diagnostics
import StateModel

extension TestView {
    func interrupted() {
        let text =
            "Interrupted: the run under way comes to its end, and what was made is destroyed. Interrupt once more to leave it as it is."
        if isStream { message(text, type: "log", level: "warn") { _ in } } else { session.terminal.writeError("\n\(text)\n") }
    }

    /// The program ends here, and with it the record of what the tests have made.
    func ending(leaving remainders: [TestInterrupts.Remainder]) {
        if isStream {
            if !remainders.isEmpty { stream(remainders) }
            return
        }
        session.terminal.writeError("\nInterrupted again: the tests end here.\n")
        for remainder in remainders {
            let made = remainder.made
            let list =
                remainder.objects.map { "\n  - \($0.address)" } + remainder.intents.map { "\n  - \($0.address) (was being made)" }
            session.terminal.writeError(
                "\nWhat the run block \"\(made.run)\" of \(made.file) has made was not destroyed, and nothing knows of it any more. It has to be removed by hand:\(list.joined())\n"
            )
        }
    }

    private func stream(_ remainders: [TestInterrupts.Remainder]) {
        let file = remainders[0].made.file
        message("The tests were interrupted, and not everything was destroyed.", type: "test_interrupt", level: "error", file: file) {
            json in
            func instances(_ objects: [StateObject], _ json: inout JSONText) {
                json.array { json in
                    for object in objects { json.object { $0.pair("instance", object.address.instance.publishedDescription) } }
                }
            }
            json.key("test_interrupt")
            json.object { json in
                let main = remainders.filter(\.made.isMain).flatMap(\.objects)
                if !main.isEmpty {
                    json.key("state")
                    instances(main, &json)
                }
                let others = remainders.filter { !$0.made.isMain && !$0.objects.isEmpty }
                if !others.isEmpty {
                    json.key("states")
                    json.object { json in
                        for remainder in others {
                            json.key(remainder.made.run)
                            instances(remainder.objects, &json)
                        }
                    }
                }
                let begun = remainders.flatMap(\.intents)
                if !begun.isEmpty {
                    json.key("planned")
                    json.array { json in for intent in begun { json.string(intent.address.instance.publishedDescription) } }
                }
            }
        }
    }
}
