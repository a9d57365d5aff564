import Addresses

private enum EventKind: UInt8 {
    case runBegan = 0
    case intent = 1
    case fact = 2
    case deleted = 3
    case withdrawn = 4
    case observed = 5
    case observedGone = 6
    case recorded = 7
    case deposed = 8
    case restored = 9
    case forgotten = 10
    case moved = 11
    case output = 12
    case outputGone = 13
    case runEnded = 14
    /// A fact or observation whose object names another address than the event; folding lets the event's win.
    case factElsewhere = 15
    case observedElsewhere = 16
    case imported = 17
}

extension RecordWriter {
    private mutating func kind(_ kind: EventKind) { byte(kind.rawValue) }

    /// - Returns: where the recorded object begins, if the event carries one; it is the rest of the bytes.
    mutating func event(_ event: StateEvent) throws(StateCodingError) -> Int? {
        switch event {
        case .runBegan(let run):
            kind(.runBegan)
            self.run(run)
        case .intent(let intent):
            kind(.intent)
            try self.intent(intent)
        case .fact(let intent, let address, let object?):
            kind(object.address == address ? .fact : .factElsewhere)
            text(intent)
            if object.address != address { self.address(address) }
            let start = bytes.count
            try self.object(object)
            return object.address == address ? start : nil
        case .fact(let intent, let address, nil):
            kind(.deleted)
            text(intent)
            self.address(address)
        case .withdrawn(let intent):
            kind(.withdrawn)
            text(intent)
        case .observed(let address, let object?):
            kind(object.address == address ? .observed : .observedElsewhere)
            if object.address != address { self.address(address) }
            let start = bytes.count
            try self.object(object)
            return object.address == address ? start : nil
        case .observed(let address, nil):
            kind(.observedGone)
            self.address(address)
        case .recorded(let object):
            kind(.recorded)
            let start = bytes.count
            try self.object(object)
            return start
        case .imported(let object, let id):
            kind(.imported)
            text(id)
            let start = bytes.count
            try self.object(object)
            return start
        case .deposed(let instance, let key):
            kind(.deposed)
            self.instance(instance)
            text(key)
        case .restored(let instance, let key):
            kind(.restored)
            self.instance(instance)
            text(key)
        case .forgotten(let address):
            kind(.forgotten)
            self.address(address)
        case .moved(let from, let to):
            kind(.moved)
            instance(from)
            instance(to)
        case .output(let name, let record?):
            kind(.output)
            text(name)
            try output(record)
        case .output(let name, nil):
            kind(.outputGone)
            text(name)
        case .runEnded(let run, let result, let time, let counts):
            kind(.runEnded)
            text(run.rawValue)
            self.result(result)
            self.time(time)
            self.counts(counts)
        }
        return nil
    }

    private mutating func intent(_ intent: Intent) throws(StateCodingError) {
        text(intent.id)
        switch intent.action {
        case .create: byte(0)
        case .update: byte(1)
        case .delete: byte(2)
        case .provision: byte(3)
        case .deprovision: byte(4)
        }
        address(intent.address)
        text(intent.run.rawValue)
        signed(intent.vertex)
        flag(intent.planned != nil)
        if let planned = intent.planned { try object(planned) }
    }
}

extension RecordReader {
    mutating func event() throws(StateCodingError) -> StateEvent {
        guard let kind = EventKind(rawValue: try byte()) else { throw failure("an unknown kind of event") }
        switch kind {
        case .runBegan: return .runBegan(try run())
        case .intent: return .intent(try intent())
        case .fact:
            let intent = try text()
            let object = try object()
            return .fact(intent: intent, address: object.address, object: object)
        case .factElsewhere:
            let intent = try text()
            let address = try address()
            return .fact(intent: intent, address: address, object: try object())
        case .deleted:
            let intent = try text()
            return .fact(intent: intent, address: try address(), object: nil)
        case .withdrawn: return .withdrawn(intent: try text())
        case .observed:
            let object = try object()
            return .observed(address: object.address, object: object)
        case .observedElsewhere:
            let address = try address()
            return .observed(address: address, object: try object())
        case .observedGone: return .observed(address: try address(), object: nil)
        case .recorded: return .recorded(try object())
        case .imported:
            let id = try text()
            return .imported(try object(), id: id)
        case .deposed:
            let instance = try instance()
            return .deposed(instance, key: try text())
        case .restored:
            let instance = try instance()
            return .restored(instance, key: try text())
        case .forgotten: return .forgotten(try address())
        case .moved:
            let from = try instance()
            return .moved(from: from, to: try instance())
        case .output:
            let name = try text()
            return .output(name: name, try output())
        case .outputGone: return .output(name: try text(), nil)
        case .runEnded:
            let run = RunID(rawValue: try text())
            let result = try result()
            let time = try time()
            return .runEnded(run, result: result, at: time, counts: try counts())
        }
    }

    private mutating func intent() throws(StateCodingError) -> Intent {
        let id = try text()
        let action: Intent.Action
        switch try byte() {
        case 0: action = .create
        case 1: action = .update
        case 2: action = .delete
        case 3: action = .provision
        case 4: action = .deprovision
        default: throw failure("an unknown action")
        }
        let address = try address()
        let run = RunID(rawValue: try text())
        let vertex = try signed()
        let planned = try flag() ? try object() : nil
        return Intent(id: id, action: action, address: address, planned: planned, run: run, vertex: vertex)
    }
}
