package io.cordon.sandbox.windows.win32;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.security.Sid;
import java.util.Optional;

/** A token; it can be changed unless it is the JVM's own one, that of a process, or for checking only. */
final class FakeToken extends FakeObject {
    private final boolean restricted;
    private final ImmutableSet<Sid> restricting;
    private final boolean fixed;
    private boolean forChecking;
    /** Of the AppContainer that it is in. */
    Optional<Sid> container = Optional.empty();

    private int level;
    private byte[] label;
    private byte[] defaultDacl;

    private FakeToken(
            boolean restricted,
            ImmutableSet<Sid> restricting,
            boolean fixed,
            int level,
            byte[] label,
            byte[] defaultDacl) {
        this.restricted = restricted;
        this.restricting = restricting;
        this.fixed = fixed;
        this.level = level;
        this.label = label.clone();
        this.defaultDacl = defaultDacl.clone();
    }

    /** The JVM's own token. */
    static FakeToken ofHost(int level) {
        return new FakeToken(false, ImmutableSet.of(), true, level, new byte[0], new byte[0]);
    }

    FakeToken restrictedCopy(Optional<ImmutableSet<Sid>> sids) {
        return new FakeToken(true, sids.orElse(restricting), false, level, label, defaultDacl);
    }

    FakeToken copy() {
        return new FakeToken(restricted, restricting, false, level, label, defaultDacl);
    }

    FakeToken copyForChecking() {
        FakeToken copy = new FakeToken(restricted, restricting, true, level, label, defaultDacl);
        copy.forChecking = true;
        return copy;
    }

    /** Whether it is an impersonation token, with which access can be checked and no process started. */
    boolean isForChecking() {
        return forChecking;
    }

    /** The token of a process that is started with this one. */
    FakeToken ofProcess(int startLevel, boolean keepsRestriction) {
        ImmutableSet<Sid> kept = keepsRestriction ? restricting : ImmutableSet.of();
        return new FakeToken(restricted, kept, true, startLevel, label, defaultDacl);
    }

    ImmutableSet<Sid> restricting() {
        return restricting;
    }

    boolean isRestricted() {
        return restricted;
    }

    boolean isFixed() {
        return fixed;
    }

    int level() {
        return level;
    }

    void setLevel(int newLevel) {
        level = newLevel;
    }

    byte[] label() {
        return label.clone();
    }

    void setLabel(byte[] acl) {
        label = acl.clone();
    }

    byte[] defaultDacl() {
        return defaultDacl.clone();
    }

    void setDefaultDacl(byte[] acl) {
        defaultDacl = acl.clone();
    }

    @Override
    String kind() {
        return "a token";
    }
}
