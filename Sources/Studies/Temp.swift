extension Study { public var endpointNames: [String] { plan.trial.endpoints.map(\.name) } }
