# Amazon Web Services, spoken by its query protocols: EC2, RDS, Elastic Load Balancing v2, STS. Types, attributes, defaults and
# provider settings are named as in the Terraform AWS provider, so that existing configurations and their documentation hold.
provider "aws" {
  version = "0.1.0"
  summary = "Amazon Web Services: networks, servers, databases, load balancers."

  setting "region" {
    type        = string
    required    = true
    env         = ["AWS_REGION", "AWS_DEFAULT_REGION"]
    description = "Region of every object of this provider, such as eu-central-1."
  }
  setting "access_key" {
    type        = string
    required    = true
    env         = ["AWS_ACCESS_KEY_ID"]
    description = "Access key ID."
  }
  setting "secret_key" {
    type        = string
    required    = true
    sensitive   = true
    env         = ["AWS_SECRET_ACCESS_KEY"]
    description = "Secret access key."
  }
  setting "token" {
    type        = string
    sensitive   = true
    env         = ["AWS_SESSION_TOKEN"]
    description = "Session token of temporary credentials."
  }
  setting "endpoint" {
    type        = string
    env         = ["AWS_ENDPOINT_URL"]
    description = "One address for all services, for tests and for services that speak AWS's API."
  }
  setting "endpoints" {
    type = object({
      ec2   = optional(string)
      elbv2 = optional(string)
      rds   = optional(string)
      sts   = optional(string)
      iam   = optional(string)
      s3    = optional(string)
    })
    description = "Addresses of single services."
  }
  setting "default_tags" {
    type        = object({ tags = optional(map(string)) })
    description = "Tags that everything gets; a resource's own go before them."
  }
  # Accepted because configurations for tests have them. Ashlar checks nothing beforehand, so there is nothing to skip.
  setting "skip_credentials_validation" {
    type        = bool
    description = "Has no effect: credentials are checked by their first use."
  }
  setting "skip_metadata_api_check" {
    type        = string
    description = "Has no effect: the metadata service is never asked."
  }
  setting "skip_region_validation" {
    type        = bool
    description = "Has no effect: a region is valid if it answers."
  }
  setting "skip_requesting_account_id" {
    type        = bool
    description = "Has no effect: the account is never asked for beforehand."
  }
  setting "s3_use_path_style" {
    type        = bool
    description = "Has no effect: there are no types of S3 here."
  }
  setting "max_retries" {
    type        = number
    description = "Has no effect: what is throttled is asked again for five minutes."
  }
  setting "request_timeout" {
    type        = number
    default     = 60
    description = "Seconds that one request may take, before its answer is given up."
  }

  http {
    protocol = "aws-query"
    base_url = coalesce(
      try(setting.endpoints[service == "elasticloadbalancing" ? "elbv2" : service], null),
      setting.endpoint,
      "https://${service}.${setting.region}.amazonaws.com${startswith(setting.region, "cn-") ? ".cn" : ""}",
    )
    region        = setting.region
    access_key    = setting.access_key
    secret_key    = setting.secret_key
    session_token = setting.token
    parallelism   = 10
    timeout       = setting.request_timeout
    versions = {
      ec2                  = "2016-11-15"
      rds                  = "2014-10-31"
      elasticloadbalancing = "2015-12-01"
      sts                  = "2011-06-15"
    }

    error {
      # EC2 has <Response><Errors><Error>, the others <ErrorResponse><Error>.
      code       = try(response.body.Errors[0].Code, response.body.Errors.Error.Code, response.body.Error.Code)
      message    = try(response.body.Errors[0].Message, response.body.Errors.Error.Message, response.body.Error.Message)
      request_id = try(response.body.RequestID, response.body.RequestId, response.headers["x-amzn-requestid"])
    }
    # InvalidVpcID.NotFound, DBInstanceNotFound, DBSubnetGroupNotFoundFault, LoadBalancerNotFound, …
    gone { when = can(regex("NotFound(Fault)?$", error.code)) }
    retry {
      # Throttling in all its names, a server that says it is overloaded, and what only waits for other objects to be quite gone.
      not_begun = response.status == 429 || try(contains([
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException", "RequestLimitExceeded",
        "SlowDown", "TooManyRequestsException", "PriorRequestNotComplete", "EC2ThrottledException", "BandwidthLimitExceeded",
        "Unavailable", "DependencyViolation",
      ], error.code), false)
      # Trouble of the service, after which nobody knows what was done.
      when    = response.status == 503 || try(contains(["InternalError", "InternalFailure", "ServiceUnavailable"], error.code), false)
      timeout = 300
    }
    page {
      params = service == "rds" || service == "elasticloadbalancing" ? { Marker = page.token } : { NextToken = page.token }
      next   = try(response.body.nextToken, response.body.NextMarker, response.body.Marker, null)
    }
  }
}

# How names of EC2's objects begin.
mixin "ec2_arn" {
  let = { ec2_arn = "arn:${startswith(setting.region, "cn-") ? "aws-cn" : "aws"}:ec2:${setting.region}" }
}
