import Addresses

/// The order of addresses in published lists: the modules nearest to the root first.
func precedesInPublished(_ left: ObjectAddress, _ right: ObjectAddress) -> Bool {
    let depths = (left.instance.module.steps.count, right.instance.module.steps.count)
    return depths.0 == depths.1 ? left < right : depths.0 < depths.1
}

extension ResourceInstanceAddress {
    var publishedDescription: String { resource.publishedDescription + key.description }
}
