package io.cordon.sandbox.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForbiddenRootsTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getRoot();
    private static final Path SYSTEM = ROOT.resolve("test-system");
    private static final Path HOME = ROOT.resolve("test-homes/me");

    private final ForbiddenRoots forbidden =
            new ForbiddenRoots(ImmutableSet.of(SYSTEM.resolve("etc")), ImmutableSet.of(HOME));

    @Test
    void theRootOfAFileSystemIsForbidden() {
        assertForbidden(ROOT, "it is the root of a file system");
    }

    @Test
    void aSealedDirectoryIsForbidden() {
        assertForbidden(SYSTEM.resolve("etc"), "it belongs to the system directory " + SYSTEM.resolve("etc"));
    }

    @Test
    void whatIsInASealedDirectoryIsForbidden() {
        assertForbidden(SYSTEM.resolve("etc/cron.d/x"), "it belongs to the system directory " + SYSTEM.resolve("etc"));
    }

    @Test
    void whatHoldsASealedDirectoryIsForbidden() {
        assertForbidden(SYSTEM, "it holds more than a workspace (" + SYSTEM.resolve("etc") + ")");
    }

    @Test
    void theHomeDirectoryIsForbidden() {
        assertForbidden(HOME, "it holds more than a workspace (" + HOME + ")");
    }

    @Test
    void whatHoldsTheHomeDirectoryIsForbidden() {
        assertForbidden(ROOT.resolve("test-homes"), "it holds more than a workspace (" + HOME + ")");
    }

    @Test
    void aDirectoryInTheHomeDirectoryIsNot() {
        assertThatCode(() -> forbidden.check(HOME.resolve("work"), HOME.resolve("work")))
                .doesNotThrowAnyException();
    }

    @Test
    void aDirectoryWhoseNameBeginsWithThatOfASealedOneIsNot() {
        Path similar = SYSTEM.resolve("etcetera");

        assertThatCode(() -> forbidden.check(similar, similar)).doesNotThrowAnyException();
    }

    @Test
    void theMessageShowsWhereALinkLed() {
        Path asked = HOME.resolve("link");

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> forbidden.check(asked, HOME))
                .withMessage("POLICY_ROOT_FORBIDDEN: allowWrite(" + asked + " -> " + HOME
                        + "): this directory must not become writable: it holds more than a workspace (" + HOME
                        + "); name the directory that the work is done in");
    }

    @Test
    void forbiddenDirectoriesThatAreLinksAreResolvedAndMissingOnesKept(@TempDir Path directory) throws Exception {
        Path real = Files.createDirectory(directory.toRealPath().resolve("usr-bin"));
        Path link = link(directory.resolve("bin"), real);

        ForbiddenRoots resolved = ForbiddenRoots.of(Set.of(link), Set.of(HOME));

        assertThat(resolved.sealed()).containsExactly(real);
        assertThat(resolved.shared()).containsExactly(HOME);
    }

    private static Path link(Path link, Path target) {
        try {
            return Files.createSymbolicLink(link, target);
        } catch (IOException e) { // Windows lets only developers and administrators make links
            return Assumptions.abort("links cannot be made here: " + e);
        }
    }

    private void assertForbidden(Path root, String reason) {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> forbidden.check(root, root))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.POLICY_ROOT_FORBIDDEN))
                .withMessage("POLICY_ROOT_FORBIDDEN: allowWrite(" + root
                        + "): this directory must not become writable: " + reason
                        + "; name the directory that the work is done in");
    }
}
