import Values

extension Function {
    static let networks: [Function] = [
        Function(
            "cidrhost", [.string("prefix"), .number("hostnum")], returns: .string, "The address of a host within a network."
        ) { call in
            let network = try network(call)
            let number = try largeWhole(call, 1)
            let hostBits = network.bitCount - network.prefixLength
            let highest: UInt128 = hostBits == 0 ? 0 : ~0 >> UInt128(128 - hostBits)
            // What the reference compares is the low 64 bits, as a signed number.
            let low = Int64(truncatingIfNeeded: number.magnitude)
            var host = number.magnitude
            if number.isNegative {
                let below = low &- 1
                if below >= 0, UInt128(below) > highest {
                    throw FunctionError(
                        "prefix of \(network.prefixLength) does not accommodate a host numbered -\(UInt128(below) - highest)")
                }
                host = below >= 0 ? highest - UInt128(below) : highest &+ UInt128(below.magnitude)
            } else if low >= 0, UInt128(low) > highest {
                throw FunctionError("prefix of \(network.prefixLength) does not accommodate a host numbered \(host)")
            }
            if network.bitCount == 128, IPAddress.isMapped(network.address) { host <<= 96 }
            return .string(IPAddress.text(network.address | host, bitCount: network.bitCount))
        },
        Function("cidrnetmask", [.string("prefix")], returns: .string, "The mask of an IPv4 network.") { call in
            let network = try network(call)
            if network.bitCount == 128, !IPAddress.isMapped(network.address) {
                throw FunctionError("IPv6 addresses cannot have a netmask: \(try call.string(0))")
            }
            return .string(IPAddress.text(network.mask, bitCount: network.bitCount))
        },
        Function(
            "cidrsubnet", [.string("prefix"), .number("newbits"), .number("netnum")], returns: .string,
            "A network within a network, by its number."
        ) { call in
            let network = try network(call)
            let newBits = try call.whole(1)
            let number = try largeWhole(call, 2)
            let (length, overflow) = network.prefixLength.addingReportingOverflow(newBits)
            if overflow || length > network.bitCount || length < 0 {
                throw FunctionError("insufficient address space to extend prefix of \(network.prefixLength) by \(newBits)")
            }
            if (0..<64).contains(newBits), UInt64(truncatingIfNeeded: number.magnitude) > (1 << UInt64(newBits)) - 1 {
                let sign = number.isNegative ? "-" : ""
                throw FunctionError(
                    "prefix extension of \(newBits) does not accommodate a subnet numbered \(sign)\(number.magnitude)")
            }
            let shift = network.bitCount - length
            let offset = shift >= 128 ? 0 : number.magnitude << UInt128(shift)
            var address = network.address | offset
            // A negative number is combined as two's complement and loses its sign, as in the reference.
            if number.isNegative { address = 0 &- (network.address | (0 &- offset)) }
            if network.bitCount == 32 { address &= 0xFFFF_FFFF }
            return .string(IPNetwork(address: address, prefixLength: length, bitCount: network.bitCount).text)
        },
        Function(
            "cidrsubnets", [.string("prefix")], rest: .number("newbits"), returns: .list(.string),
            "Networks, one behind the other, in a network."
        ) { call in
            guard let network = IPNetwork(try call.string(0)) else {
                throw FunctionError.argument(0, "invalid CIDR expression: invalid CIDR address: \(try call.string(0))")
            }
            var next = network.address
            var isFull = false
            var last: IPNetwork?
            var results: [Value] = []
            for index in 1..<max(call.count, 1) {
                let newBits = try wholeArgument(call, index)
                if newBits < 1 { throw FunctionError.argument(index, "must extend prefix by at least one bit") }
                if newBits > 32 { throw FunctionError.argument(index, "may not extend prefix by more than 32 bits") }
                let length = network.prefixLength + newBits
                if length > network.bitCount {
                    let version = network.bitCount == 32 ? "IPv4" : "IPv6"
                    throw FunctionError.argument(
                        index, "would extend prefix to \(length) bits, which is too long for an \(version) address")
                }
                // Up to the next address that such a network can begin at.
                let size: UInt128 = 1 << UInt128(network.bitCount - length)
                let aligned = (next &+ (size - 1)) & ~(size - 1)
                if isFull || aligned < next || !network.contains(aligned) {
                    throw FunctionError.argument(
                        index,
                        "not enough remaining address space for a subnet with a prefix of \(length) bits after \(last?.text ?? network.text)"
                    )
                }
                let subnet = IPNetwork(address: aligned, prefixLength: length, bitCount: network.bitCount)
                results.append(.string(subnet.text))
                last = subnet
                isFull = subnet.lastAddress == network.lastAddress
                next = subnet.lastAddress &+ 1
            }
            return .list(results, of: .string)
        },
    ]
}

private func network(_ call: Call) throws -> IPNetwork {
    let text = try call.string(0)
    guard let network = IPNetwork(text) else {
        throw FunctionError("invalid CIDR expression: invalid CIDR address: \(text)")
    }
    return network
}

private func wholeArgument(_ call: Call, _ index: Int) throws -> Int {
    do {
        return try call.whole(index)
    } catch let error as FunctionError {
        throw FunctionError.argument(index, error.message)
    }
}

/// A whole number of up to 128 bits; beyond them only the low bits count.
private func largeWhole(_ call: Call, _ index: Int) throws -> (magnitude: UInt128, isNegative: Bool) {
    let number = try call.number(index)
    guard let text = number.magnitude.integerText(radix: 16) else { throw FunctionError("value must be a whole number") }
    guard let magnitude = UInt128(String(text.suffix(32)), radix: 16) else { throw FunctionError("value must be a whole number") }
    return (magnitude, number.sign < 0)
}
