package io.cordon.sandbox.linux.plan;

import io.cordon.sandbox.NetworkAccess;

/** What of the network a plan leaves open. */
enum NetworkMode {
    /** Nothing: no socket is made. */
    NONE,
    /** TCP to the port of Cordon's proxy. */
    PROXY,
    /** Internet sockets. */
    ALLOWED;

    /** Whatever is not known to be open is closed. */
    static NetworkMode of(NetworkAccess access) {
        if (access.equals(NetworkAccess.ALLOWED)) {
            return ALLOWED;
        }
        return access.hosts().isEmpty() ? NONE : PROXY;
    }
}
