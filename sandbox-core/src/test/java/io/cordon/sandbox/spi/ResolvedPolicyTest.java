package io.cordon.sandbox.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies against real directories and links. */
class ResolvedPolicyTest {
    private static final ForbiddenRoots NOTHING_FORBIDDEN = new ForbiddenRoots(ImmutableSet.of(), ImmutableSet.of());

    private Path base = Path.of("");
    private Path work = Path.of("");

    @BeforeEach
    void makeAWorkspace(@TempDir Path directory) throws IOException {
        base = directory.toRealPath(); // on some systems the temp directory itself is reached through a link
        work = Files.createDirectory(base.resolve("work"));
    }

    @Test
    void plainPathsStandForThemselves() throws Exception {
        SandboxPolicy policy = SandboxPolicy.builder()
                .allowWrite(work)
                .denyWrite(work.resolve("missing/hooks"))
                .denyRead(base.resolve("secret"))
                .allowRead(base.resolve("tools"))
                .build();

        assertThat(resolve(policy))
                .isEqualTo(new ResolvedPolicy(
                        policy,
                        ImmutableSet.of(work),
                        ImmutableSet.of(work.resolve("missing/hooks")),
                        ImmutableSet.of(base.resolve("secret")),
                        ImmutableSet.of(base.resolve("tools"))));
    }

    @Test
    void aPolicyWithoutRootsResolves() throws Exception {
        assertThat(resolve(SandboxPolicy.readOnly()).roots()).isEmpty();
    }

    @Test
    void aRootThatIsALinkIsTheDirectoryThatItLeadsTo() throws Exception {
        Path link = link("link", work);

        assertThat(resolve(SandboxPolicy.workspaceWrite(link)).roots()).containsExactly(work);
    }

    @Test
    void carveOutsFollowTheLinkOfTheirRoot() throws Exception {
        Path link = link("link", work);
        SandboxPolicy policy = SandboxPolicy.builder()
                .allowWrite(link)
                .denyWrite(link.resolve("hooks"))
                .build();

        assertThat(resolve(policy).carveOuts()).containsExactly(work.resolve("hooks"));
    }

    @Test
    void twoRootsThatAreOneThroughALinkAreOne() throws Exception {
        SandboxPolicy policy =
                SandboxPolicy.builder().allowWrite(work, link("link", work)).build();

        assertThat(resolve(policy).roots()).containsExactly(work);
    }

    @Test
    void aRootThatLiesInAnotherOneThroughALinkIsRefused() throws Exception {
        Path inner = Files.createDirectory(work.resolve("inner"));
        Path link = link("link", inner);

        assertRefused(
                SandboxPolicy.builder().allowWrite(work, link).build(),
                SandboxErrorCode.POLICY_ROOTS_OVERLAP,
                "allowWrite(" + inner + ") lies inside allowWrite(" + work + "); remove the inner one"
                        + " (these are the real paths, links resolved)");
    }

    @Test
    void aCarveOutThatLeavesItsRootThroughALinkIsRefused() throws Exception {
        Path outside = Files.createDirectory(base.resolve("outside"));
        Path link = link("work/link", outside);

        assertRefused(
                SandboxPolicy.builder().allowWrite(work).denyWrite(link).build(),
                SandboxErrorCode.POLICY_CARVE_OUT_OUTSIDE_ROOTS,
                "denyWrite(" + outside
                        + ") lies in no writable root, so that it is read-only anyway; remove it, or add "
                        + "the root that it belongs to (these are the real paths, links resolved)");
    }

    @Test
    void aCarveOutThatIsItsOwnRootThroughALinkIsRefused() throws Exception {
        Path link = link("work/self", work);

        assertRefused(
                SandboxPolicy.builder().allowWrite(work).denyWrite(link).build(),
                SandboxErrorCode.POLICY_CONTRADICTION,
                "allowWrite(" + work + ") lies inside denyWrite(" + work + "); remove one of them"
                        + " (these are the real paths, links resolved)");
    }

    @Test
    void aRootThatCannotBeReadThroughALinkIsRefused() throws Exception {
        Path link = link("link", base);

        assertRefused(
                SandboxPolicy.builder().allowWrite(work).denyRead(link).build(),
                SandboxErrorCode.POLICY_CONTRADICTION,
                "allowWrite(" + work + ") lies inside denyRead(" + base + "); remove one of them"
                        + " (these are the real paths, links resolved)");
    }

    @Test
    void theExistingBeginningOfAMissingPathIsResolved() throws Exception {
        Path link = link("link", work);
        SandboxPolicy policy = SandboxPolicy.builder()
                .allowWrite(work)
                .denyRead(link.resolve("a/b"))
                .build();

        assertThat(resolve(policy).denyRead()).containsExactly(work.resolve("a/b"));
    }

    @Test
    void aLinkThatLeadsNowhereIsRefusedBecauseItsTargetCouldBeMade() throws Exception {
        Path dangling = link("work/dangling", base.resolve("missing"));

        assertRefused(
                SandboxPolicy.builder().allowWrite(work).denyWrite(dangling).build(),
                SandboxErrorCode.PREPARE_FAILED,
                "resolving the links of " + dangling + " failed: ");
        assertRefused(
                SandboxPolicy.builder()
                        .allowWrite(work)
                        .denyRead(dangling.resolve("below"))
                        .build(),
                SandboxErrorCode.PREPARE_FAILED,
                "resolving the links of " + dangling.resolve("below") + " failed: ");
    }

    @Test
    void aMissingRootIsRefused() {
        Path missing = base.resolve("missing");

        assertRefused(
                SandboxPolicy.workspaceWrite(missing),
                SandboxErrorCode.POLICY_ROOT_MISSING,
                "allowWrite(" + missing + "): there is no such directory; create it before the sandbox is opened");
    }

    @Test
    void aRootThatIsALinkToNowhereIsRefused() throws Exception {
        Path dangling = link("dangling", base.resolve("missing"));

        assertRefused(
                SandboxPolicy.workspaceWrite(dangling),
                SandboxErrorCode.POLICY_ROOT_MISSING,
                "allowWrite(" + dangling + "): there is no such directory");
    }

    @Test
    void aFileAsRootIsRefused() throws Exception {
        Path file = Files.createFile(base.resolve("file"));

        assertRefused(
                SandboxPolicy.workspaceWrite(file),
                SandboxErrorCode.POLICY_ROOT_NOT_DIRECTORY,
                "allowWrite(" + file + "): this is not a directory; name the directory that contains it");
    }

    @Test
    void aForbiddenRootIsRefusedAlsoThroughALink() throws Exception {
        ForbiddenRoots workForbidden = ForbiddenRoots.of(Set.of(work), Set.of());
        Path link = link("link", work);

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> ResolvedPolicy.resolve(SandboxPolicy.workspaceWrite(link), workForbidden))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.POLICY_ROOT_FORBIDDEN))
                .withMessageContaining("allowWrite(" + link + " -> " + work + ")");
    }

    private Path link(String name, Path target) {
        try {
            return Files.createSymbolicLink(base.resolve(name), target);
        } catch (IOException e) { // Windows lets only developers and administrators make links
            return Assumptions.abort("links cannot be made here: " + e);
        }
    }

    private static ResolvedPolicy resolve(SandboxPolicy policy) throws SandboxException {
        return ResolvedPolicy.resolve(policy, NOTHING_FORBIDDEN);
    }

    private static void assertRefused(SandboxPolicy policy, SandboxErrorCode code, String message) {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> resolve(policy))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .withMessageStartingWith(code + ": " + message);
    }
}
