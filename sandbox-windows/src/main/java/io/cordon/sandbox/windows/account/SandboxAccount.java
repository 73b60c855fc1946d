package io.cordon.sandbox.windows.account;

import io.cordon.sandbox.windows.security.Sid;

/**
 * A local account that exists for sandboxes only.
 *
 * @param name its name on this machine
 * @param sid its SID
 */
public record SandboxAccount(String name, Sid sid) {}
