package io.cordon.sandbox.spi;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Directories that must not become writable, because what runs later, or as somebody else, trusts what is in them.
 *
 * @param sealed neither they nor anything in them can be a root, such as {@code /etc}
 * @param shared they cannot be a root themselves, but what is in them can, such as the home directory
 */
public record ForbiddenRoots(ImmutableSet<Path> sealed, ImmutableSet<Path> shared) {

    /** The two sets with the links of what exists resolved; {@code /bin} is often a link. */
    public static ForbiddenRoots of(Iterable<Path> sealed, Iterable<Path> shared) {
        return new ForbiddenRoots(real(sealed), real(shared));
    }

    private static ImmutableSet<Path> real(Iterable<Path> paths) {
        ImmutableSet.Builder<Path> result = ImmutableSet.builder();
        for (Path path : paths) {
            try {
                result.add(path.toRealPath());
            } catch (IOException e) {
                result.add(path); // it does not exist here, so that no root can be in it
            }
        }
        return result.build();
    }

    /**
     * Checks a root.
     *
     * @param asked the root as the policy names it
     * @param real its real path
     * @throws SandboxException if it must not become writable
     */
    void check(Path asked, Path real) throws SandboxException {
        if (real.getNameCount() == 0) {
            throw forbidden(asked, real, "it is the root of a file system");
        }
        for (Path directory : sealed) {
            if (real.startsWith(directory)) {
                throw forbidden(asked, real, "it belongs to the system directory " + directory);
            }
        }
        for (ImmutableSet<Path> directories : ImmutableSet.of(sealed, shared)) {
            for (Path directory : directories) {
                if (directory.startsWith(real)) {
                    throw forbidden(asked, real, "it holds more than a workspace (" + directory + ")");
                }
            }
        }
    }

    private static SandboxException forbidden(Path asked, Path real, String reason) {
        String path = asked.equals(real) ? asked.toString() : asked + " -> " + real;
        return new SandboxException(
                SandboxErrorCode.POLICY_ROOT_FORBIDDEN,
                "allowWrite(" + path + "): this directory must not become writable: " + reason
                        + "; name the directory that the work is done in");
    }
}
