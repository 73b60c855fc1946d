package io.cordon.sandbox.windows.win32;

import java.util.UUID;

/**
 * Where Windows asks its filters about a socket.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/fwp/management-filtering-layer-identifiers-">Layers</a>
 */
public enum FilterLayer {
    AUTH_CONNECT_V4("c38d57d1-05a7-4c33-904f-7fbceee60e82"),
    AUTH_CONNECT_V6("4a72393b-319f-44bc-84c3-ba54dcb3b6b4"),
    AUTH_LISTEN_V4("88bb5dad-76d7-4227-9c71-df0a3ed7be7e"),
    AUTH_LISTEN_V6("7ac9de24-17dd-4814-b4bd-a9fbc95a321b"),
    AUTH_RECV_ACCEPT_V4("e1cd9fe7-f4b5-4273-96c0-592e487b8650"),
    AUTH_RECV_ACCEPT_V6("a3b42c97-9f04-4672-b87e-cee9c483257f"),
    RESOURCE_ASSIGNMENT_V4("1247d66d-0b60-4a15-8d44-7155d0f53a0c"),
    RESOURCE_ASSIGNMENT_V6("55a650e1-5f0a-4eca-a653-88f53b26aa8c");

    private final UUID key;

    FilterLayer(String key) {
        this.key = UUID.fromString(key);
    }

    /** Its GUID. */
    public UUID key() {
        return key;
    }
}
