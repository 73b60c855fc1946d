package io.cordon.sandbox.windows.account;

import io.cordon.sandbox.windows.win32.SecretCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/** The passwords of both accounts. Closing wipes them. */
public final class AccountSecrets implements AutoCloseable {
    static final String FILE = "account-secrets";

    /** 40 letters, digits and signs: more than 240 bits, and of every kind that a password policy asks for. */
    private static final int LENGTH = 40;

    private static final String ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789-_.+!#%=";
    private static final String EVERY_KIND = "Aa2-";

    private final char[] offline;
    private final char[] online;

    private AccountSecrets(char[] offline, char[] online) {
        this.offline = offline;
        this.online = online;
    }

    /** That of the offline account; not a copy. */
    public char[] offline() {
        return offline;
    }

    /** That of the online account; not a copy. */
    public char[] online() {
        return online;
    }

    static AccountSecrets random() {
        SecureRandom random = new SecureRandom();
        return new AccountSecrets(password(random), password(random));
    }

    static char[] password(SecureRandom random) {
        char[] password = new char[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            password[i] =
                    i < EVERY_KIND.length() ? EVERY_KIND.charAt(i) : ALPHABET.charAt(random.nextInt(ALPHABET.length()));
        }
        return password;
    }

    /**
     * Those that were kept; empty if there are none, or what there is is not of two passwords.
     *
     * @throws WindowsFailure if this user cannot decrypt them
     */
    public static Optional<AccountSecrets> read(SetupFiles files, SecretCalls calls)
            throws IOException, WindowsFailure {
        Optional<byte[]> encrypted = files.read(FILE);
        if (encrypted.isEmpty()) {
            return Optional.empty();
        }
        byte[] plain = calls.unprotect(encrypted.get());
        try {
            if (plain.length != 2 * LENGTH) {
                return Optional.empty();
            }
            return Optional.of(new AccountSecrets(chars(plain, 0), chars(plain, LENGTH)));
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private static char[] chars(byte[] bytes, int from) {
        char[] chars = new char[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            chars[i] = (char) (bytes[from + i] & 0x7F);
        }
        return chars;
    }

    void write(SetupFiles files, SecretCalls calls) throws IOException, WindowsFailure {
        byte[] plain = new byte[2 * LENGTH];
        try {
            for (int i = 0; i < LENGTH; i++) {
                plain[i] = (byte) offline[i];
                plain[LENGTH + i] = (byte) online[i];
            }
            files.write(FILE, calls.protect(plain));
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    @Override
    public void close() {
        Arrays.fill(offline, '\0');
        Arrays.fill(online, '\0');
    }
}
