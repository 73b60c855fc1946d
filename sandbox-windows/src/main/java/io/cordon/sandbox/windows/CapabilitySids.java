package io.cordon.sandbox.windows;

import com.google.common.hash.Hashing;
import com.google.common.primitives.Longs;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.FileFacts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.UUID;

/**
 * The SID that stands for a writable directory: whoever has it among his restricting SIDs may write there. It is made from
 * a secret of this installation and the identity of the directory, so that it is the same every time and nobody can have
 * prepared an entry for it. It has the form of an account's, {@code S-1-5-21-a-b-c-d}, because
 * {@code CreateRestrictedToken} refuses the capability SIDs of AppContainers.
 */
final class CapabilitySids {
    private static final int SECRET = 32;

    private final byte[] secret;

    private CapabilitySids(byte[] secret) {
        this.secret = secret;
    }

    /**
     * Those of this user; makes the secret if there is none.
     *
     * @param home the library's own directory
     * @throws SandboxException if the secret cannot be read or made
     */
    static CapabilitySids of(Path home) throws SandboxException {
        Path file = home.resolve("secret");
        try {
            if (Files.notExists(file)) {
                make(home, file);
            }
            byte[] secret = Files.readAllBytes(file);
            if (secret.length != SECRET) {
                throw new SandboxException(
                        SandboxErrorCode.PREPARE_FAILED,
                        file + " has " + secret.length + " bytes instead of " + SECRET
                                + ", so that it is not the secret that was made; delete it when no sandbox is open");
            }
            return new CapabilitySids(secret);
        } catch (SandboxException e) {
            throw e;
        } catch (IOException e) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED, "the secret " + file + " cannot be read or made: " + e, e);
        }
    }

    /** Complete under another name first, and never in the place of one that another JVM made meanwhile. */
    private static void make(Path home, Path file) throws IOException {
        Files.createDirectories(home);
        byte[] secret = new byte[SECRET];
        new SecureRandom().nextBytes(secret);
        Path made = Files.write(home.resolve("secret-" + UUID.randomUUID()), secret);
        try {
            Files.move(made, file);
        } catch (FileAlreadyExistsException e) {
            Files.delete(made); // the other one is as good
        }
    }

    /** The SID of a directory. */
    Sid of(FileFacts directory) {
        byte[] identity = Longs.toByteArray(directory.fileIndex());
        ByteBuffer mac = ByteBuffer.wrap(Hashing.hmacSha256(secret)
                .newHasher()
                .putInt(directory.volumeSerial())
                .putBytes(identity)
                .hash()
                .asBytes());
        return Sid.of(5, 21, part(mac), part(mac), part(mac), part(mac));
    }

    private static long part(ByteBuffer mac) {
        return Integer.toUnsignedLong(mac.getInt());
    }
}
