package io.cordon.sandbox.windows.win32;

/** A token; it can be changed unless it is the JVM's own one or that of a process. */
final class FakeToken extends FakeObject {
    private final boolean restricted;
    private final boolean fixed;
    private int level;
    private byte[] label;
    private byte[] defaultDacl;

    private FakeToken(boolean restricted, boolean fixed, int level, byte[] label, byte[] defaultDacl) {
        this.restricted = restricted;
        this.fixed = fixed;
        this.level = level;
        this.label = label.clone();
        this.defaultDacl = defaultDacl.clone();
    }

    /** The JVM's own token. */
    static FakeToken ofHost(int level) {
        return new FakeToken(false, true, level, new byte[0], new byte[0]);
    }

    FakeToken restrictedCopy() {
        return new FakeToken(true, false, level, label, defaultDacl);
    }

    FakeToken copy() {
        return new FakeToken(restricted, false, level, label, defaultDacl);
    }

    /** The token of a process that is started with this one. */
    FakeToken ofProcess(int startLevel) {
        return new FakeToken(restricted, true, startLevel, label, defaultDacl);
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
