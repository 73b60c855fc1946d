package io.cordon.sandbox.windows.account;

import com.google.common.hash.Hashing;
import io.cordon.sandbox.windows.security.Sid;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * What an owner's accounts, group and filters are called, which follows from his SID: several owners do not meet. Windows
 * takes 20 characters for the name of an account.
 */
public record AccountNames(Sid owner) {
    private static final int DIGITS = 8;

    private String digits() {
        return Hashing.sha256()
                .hashString(owner.toString(), StandardCharsets.US_ASCII)
                .toString()
                .substring(0, DIGITS);
    }

    public String group() {
        return "CordonGroup-" + digits();
    }

    public String offline() {
        return "CordonOff-" + digits();
    }

    public String online() {
        return "CordonOn-" + digits();
    }

    /** What stands in the comment of all that was made, so that nothing else is ever taken for it. */
    public String comment() {
        return "Made by Cordon for sandboxes of " + owner;
    }

    /** The key of the owner's filter that has this name. */
    UUID filter(String name) {
        return UUID.nameUUIDFromBytes(
                ("io.cordon filter " + name + " of " + owner).getBytes(StandardCharsets.US_ASCII));
    }
}
