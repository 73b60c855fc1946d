package io.cordon.sandbox.windows.plan;

import io.cordon.sandbox.windows.security.Sid;

/**
 * The AppContainer that a child is in. It has no capabilities: neither the network, nor anything else that the system
 * hands out by them.
 *
 * @param packageSid its identity, S-1-15-2-..., to which files are granted
 * @param lessPrivileged whether what the system grants to ALL APPLICATION PACKAGES is not for it (LPAC); few programs
 *     start so
 * @see <a href="https://learn.microsoft.com/windows/win32/secauthz/appcontainer-isolation">AppContainer isolation</a>
 */
public record ContainerShape(Sid packageSid, boolean lessPrivileged) {}
