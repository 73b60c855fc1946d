package io.cordon.sandbox.windows.plan;

import io.cordon.sandbox.windows.security.Sid;

/**
 * A local account that was provisioned for sandboxes.
 *
 * @param sid the account
 * @param healthy whether it can log on and its network filters are in place
 */
public record AccountFacts(Sid sid, boolean healthy) {}
