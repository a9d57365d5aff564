# Tags. All types have the same two attributes; services read and write tags each in words of their own. What a create makes carries a tag with
# its intent, so that it is found again after a crash; no configuration sees that one.

mixin "tags" {
  # All tags that the service tells, by their keys.
  needs = ["tags_there"]
  attributes = {
    tags     = { type = map(string), optional = true, description = "Tags." }
    tags_all = { type = map(string), value = merge({}, try(setting.default_tags.tags, {}), tags), description = "Tags with the provider's default ones." }
  }
  let = {
    tags_made    = [for k, v in merge(tags_all, { "ashlar:intent" = intent.id }) : { Key = k, Value = v }]
    tags_kept    = [for k, v in tags_all : { Key = k, Value = v }]
    tags_dropped = setsubtract(keys(prior.tags_all), keys(tags_all))
    tags_found   = { for k, v in tags_there : k => v == null ? "" : v if !startswith(k, "aws:") && k != "ashlar:intent" }
  }
  object = {
    tags = one([
      for own in [{ for k, v in tags_found : k => v if can(tags[k]) || try(setting.default_tags.tags[k] != v, true) }] :
      own if length(own) > 0 || tags != null
    ])
    tags_all = tags_found
  }
}

mixin "ec2_tags" {
  let = {
    tagged     = id
    tags_there = { for t in items(try(object.tagSet, null)) : t.key => t.value }
    by_intent  = [{ Name = "tag:ashlar:intent", Value = [intent.id] }]
  }
  update {
    attributes = ["tags", "tags_all"]
    request {
      action = "DeleteTags"
      when   = length(tags_dropped) > 0
      params = { ResourceId = [tagged], Tag = [for k in tags_dropped : { Key = k }] }
    }
    request {
      action = "CreateTags"
      when   = length(tags_all) > 0
      params = { ResourceId = [tagged], Tag = tags_kept }
    }
  }
}

mixin "elb_tags" {
  needs = ["id"]
  let = {
    tags_there = { for t in items(try(answers.tags.body.TagDescriptions[0].Tags, null)) : t.Key => t.Value }
    # Of all that a find has come upon, by its name.
    intents = {
      for d in flatten([for a in items(try(answers.tags, null)) : items(a.body.TagDescriptions)]) :
      d.ResourceArn => one([for t in items(d.Tags) : t.Value if t.Key == "ashlar:intent"])
    }
  }
  update {
    attributes = ["tags", "tags_all"]
    request {
      action = "RemoveTags"
      when   = length(tags_dropped) > 0
      params = { ResourceArns = [id], TagKeys = tags_dropped }
    }
    request {
      action = "AddTags"
      when   = length(tags_all) > 0
      params = { ResourceArns = [id], Tags = tags_kept }
    }
  }
}

mixin "rds_tags" {
  needs = ["arn", "tag_list"]
  let   = { tags_there = { for t in items(try(tag_list, null)) : t.Key => t.Value } }
  update {
    attributes = ["tags", "tags_all"]
    request {
      action = "RemoveTagsFromResource"
      when   = length(tags_dropped) > 0
      params = { ResourceName = arn, TagKeys = tags_dropped }
    }
    request {
      action = "AddTagsToResource"
      when   = length(tags_all) > 0
      params = { ResourceName = arn, "Tags.Tag" = tags_kept }
    }
  }
}
