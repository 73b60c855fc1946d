package io.cordon.sandbox.windows.win32;

import io.cordon.sandbox.windows.security.ByteString;
import io.cordon.sandbox.windows.security.Sid;

/**
 * What a network filter matches.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/fwp/filtering-condition-identifiers-">Conditions</a>
 */
public sealed interface FilterCondition {
    /** The socket is this user's (ALE_USER_ID): a descriptor that grants the user FWP_ACTRL_MATCH_FILTER. */
    record User(Sid sid) implements FilterCondition {}

    /** The protocol is this one, or any but this one (IP_PROTOCOL). */
    record Protocol(int number, boolean equal) implements FilterCondition {}

    /** The other end has this address of 4 or 16 bytes, the most significant first (IP_REMOTE_ADDRESS). */
    record RemoteAddress(ByteString address) implements FilterCondition {}

    /** The other end's port is one of these (IP_REMOTE_PORT). */
    record RemotePorts(int first, int last) implements FilterCondition {}

    /** One that Cordon does not make, read back. */
    record Other(String description) implements FilterCondition {}
}
