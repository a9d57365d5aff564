public import Values

extension Function {
    /// See `FunctionTable.call`.
    public func call(_ arguments: [Value], environment: any FunctionEnvironment) throws(FunctionError) -> Value {
        try checkCount(arguments.count)
        var prepared = arguments
        var faults: [FunctionError] = []
        for index in prepared.indices {
            do throws(FunctionError) { prepared[index] = try converted(prepared[index], at: index) } catch { faults.append(error) }
        }
        if var first = faults.first {
            first.others = Array(faults.dropFirst())
            throw first
        }
        return try run(on: prepared, environment: environment)
    }

    /// An argument as its parameter's type.
    private func converted(_ argument: Value, at index: Int) throws(FunctionError) -> Value {
        guard let parameter = parameter(at: index) else { return argument }
        switch (parameter.type, argument.node) {
        case (.dynamic, _), (.string, .string), (.number, .number), (.bool, .bool): return argument
        default: break
        }
        do {
            return try argument.converted(to: parameter.type)
        } catch {
            throw FunctionError.argument(index, error.message)
        }
    }

    private func checkCount(_ count: Int) throws(FunctionError) {
        if count < parameters.count {
            throw FunctionError("missing argument", at: .missing(count))
        }
        if count > parameters.count, variadic == nil {
            throw FunctionError("too many arguments", at: .extra(parameters.count))
        }
    }

    private func run(on arguments: [Value], environment: any FunctionEnvironment) throws(FunctionError) -> Value {
        var prepared = arguments
        var lifted: Value.Marks = []
        var givesUnknown = false
        var typeIsUnknown = false
        for index in prepared.indices {
            guard let parameter = parameter(at: index) else { break }
            var value = prepared[index]
            if !parameter.allowsMarked, !value.marks.isEmpty || !value.beneath.isDisjoint(with: [.sensitive, .ephemeral]) {
                lifted.formUnion(value.allMarks)
                value = value.unmarkedDeep().0
                prepared[index] = value
            }
            switch value.node {
            case .null(let box):
                // Behind an argument of which not even the type is known nothing is looked at.
                if !parameter.allowsNull, !typeIsUnknown { throw FunctionError.argument(index, "argument must not be null") }
                if box.type == .dynamic, !parameter.allowsDynamic { typeIsUnknown = true }
            case .unknown(let unknown):
                if unknown.type == .dynamic, !parameter.allowsDynamic { typeIsUnknown = true }
                if !parameter.allowsUnknown { givesUnknown = true }
            default: break
            }
        }
        do {
            if typeIsUnknown { return Value.unknown.marked(lifted) }
            let type =
                switch result {
                case .fixed(let type): type
                case .computed(let compute): try compute(prepared)
                }
            if givesUnknown {
                return Value.unknown(type, type == .dynamic ? .none : refinement).marked(lifted)
            }
            let call = Call(arguments: prepared, type: type, refinement: refinement, environment: environment)
            return try body(call).marked(lifted)
        } catch let error as FunctionError {
            throw error
        } catch let error as ConversionError {
            throw FunctionError(error.message)
        } catch let error as NumberError {
            throw FunctionError(error.message)
        } catch let error as OperationError {
            throw FunctionError(error.detail)
        } catch {
            // Only the environment throws anything else.
            throw FunctionError(String(describing: error), cause: error)
        }
    }
}
