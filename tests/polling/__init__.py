"""What a feed poller must get right, rule by rule: B1 to B30, each with tests named after it.

`mutations` breaks each rule once and sees that a test notices.
"""
