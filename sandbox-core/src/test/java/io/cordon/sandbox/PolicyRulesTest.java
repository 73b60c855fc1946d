package io.cordon.sandbox;

import static io.cordon.sandbox.TestPaths.ROOT;
import static io.cordon.sandbox.TestPaths.absolute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Every rule is broken once; the message names the path, the rule and the remedy. */
class PolicyRulesTest {
    private static final Path WORK = absolute("work");

    @Test
    void aPolicyThatSaysNothingIsRefused() {
        assertRefused(
                SandboxPolicy.builder(),
                "POLICY_EMPTY: the policy has no writable root; call allowWrite(path), or use SandboxPolicy.readOnly()");
    }

    @Test
    void aRelativeRootIsRefused() {
        assertRefused(
                SandboxPolicy.builder().allowWrite(Path.of("work")),
                "POLICY_PATH_RELATIVE: allowWrite(work): the path is relative; pass path.toAbsolutePath()");
    }

    @Test
    void aRelativeCarveOutIsRefused() {
        assertRefused(
                SandboxPolicy.builder().allowWrite(WORK).denyWrite(Path.of("git")),
                "POLICY_PATH_RELATIVE: denyWrite(git): the path is relative; pass path.toAbsolutePath()");
    }

    @Test
    void aRelativePathDeniedForReadingIsRefused() {
        assertRefused(
                SandboxPolicy.builder().allowWrite(WORK).denyRead(Path.of("ssh")),
                "POLICY_PATH_RELATIVE: denyRead(ssh): the path is relative; pass path.toAbsolutePath()");
    }

    @Test
    void aRelativePathToReadIsRefused() {
        assertRefused(
                SandboxPolicy.builder().allowWrite(WORK).allowRead(Path.of("tools")),
                "POLICY_PATH_RELATIVE: allowRead(tools): the path is relative; pass path.toAbsolutePath()");
    }

    @Test
    void whatIsDeniedForReadingCannotBeAllowedInside() {
        assertRefused(
                SandboxPolicy.builder()
                        .allowWrite(WORK)
                        .denyRead(absolute("home"))
                        .allowRead(absolute("home/tools")),
                "POLICY_CONTRADICTION: allowRead(" + absolute("home/tools") + ") lies inside denyRead("
                        + absolute("home") + "); remove one of them");
        SandboxPolicy.builder()
                .allowWrite(WORK)
                .allowRead(absolute("home"))
                .denyRead(absolute("home/secret"))
                .build();
    }

    @Test
    void theRootOfAFileSystemIsRefused() {
        assertRefused(
                SandboxPolicy.builder().allowWrite(WORK, ROOT),
                "POLICY_ROOT_FORBIDDEN: allowWrite(" + ROOT + "): the root of a file system cannot be a workspace; "
                        + "name the directory that the work is done in");
    }

    @Test
    void theRootOfAFileSystemIsRefusedInDisguiseToo() {
        assertRefused(
                SandboxPolicy.builder().allowWrite(absolute("work/..")),
                "POLICY_ROOT_FORBIDDEN: allowWrite(" + ROOT + "): the root of a file system cannot be a workspace; "
                        + "name the directory that the work is done in");
    }

    @Test
    void aRootInsideAnotherOneIsRefusedInAnyOrder() {
        Path inner = WORK.resolve("inner");
        String message = "POLICY_ROOTS_OVERLAP: allowWrite(" + inner + ") lies inside allowWrite(" + WORK
                + "); remove the inner one";

        assertRefused(SandboxPolicy.builder().allowWrite(WORK, inner), message);
        assertRefused(SandboxPolicy.builder().allowWrite(inner, WORK), message);
    }

    @Test
    void aSiblingWhoseNameBeginsWithThatOfARootIsNoOverlap() {
        Path sibling = absolute("work-2");

        assertThat(SandboxPolicy.builder().allowWrite(WORK, sibling).build().allowWrite())
                .containsExactly(WORK, sibling);
    }

    @Test
    void writableRootsContradictWriteNothing() {
        assertRefused(
                SandboxPolicy.builder().writeNothing().allowWrite(WORK),
                "POLICY_CONTRADICTION: allowWrite(" + WORK + ") contradicts writeNothing(); remove one of them");
    }

    @Test
    void aRootInWhatCannotBeReadIsRefused() {
        Path parent = absolute("parent");
        Path root = parent.resolve("root");

        assertRefused(
                SandboxPolicy.builder().allowWrite(root).denyRead(parent),
                "POLICY_CONTRADICTION: allowWrite(" + root + ") lies inside denyRead(" + parent
                        + "); remove one of them");
        assertRefused(
                SandboxPolicy.builder().allowWrite(root).denyRead(root),
                "POLICY_CONTRADICTION: allowWrite(" + root + ") lies inside denyRead(" + root
                        + "); remove one of them");
    }

    @Test
    void partsOfARootCanBeDeniedForReading() {
        Path part = WORK.resolve(".env");

        assertThat(SandboxPolicy.builder()
                        .allowWrite(WORK)
                        .denyRead(part)
                        .build()
                        .denyRead())
                .containsExactly(part);
    }

    @Test
    void aCarveOutThatHoldsARootIsRefused() {
        Path parent = absolute("parent");
        Path root = parent.resolve("root");

        assertRefused(
                SandboxPolicy.builder().allowWrite(root).denyWrite(parent),
                "POLICY_CONTRADICTION: allowWrite(" + root + ") lies inside denyWrite(" + parent
                        + "); remove one of them");
        assertRefused(
                SandboxPolicy.builder().allowWrite(root).denyWrite(root),
                "POLICY_CONTRADICTION: allowWrite(" + root + ") lies inside denyWrite(" + root
                        + "); remove one of them");
    }

    @Test
    void aCarveOutInNoRootIsRefused() {
        Path outside = absolute("outside");

        assertRefused(
                SandboxPolicy.builder().allowWrite(WORK).denyWrite(outside),
                "POLICY_CARVE_OUT_OUTSIDE_ROOTS: denyWrite(" + outside
                        + ") lies in no writable root, so that it is read-only anyway; remove it, or add the root that it "
                        + "belongs to");
    }

    @Test
    void aCarveOutLiesInAnyOfTheRoots() {
        Path carveOut = absolute("other/part");

        assertThat(SandboxPolicy.builder()
                        .allowWrite(WORK, absolute("other"))
                        .denyWrite(carveOut)
                        .build()
                        .denyWrite())
                .containsExactly(carveOut);
    }

    private static void assertRefused(SandboxPolicy.Builder builder, String message) {
        assertThatExceptionOfType(InvalidPolicyException.class)
                .isThrownBy(builder::build)
                .withMessage(message)
                .satisfies(e -> assertThat(message).startsWith(e.code() + ": "));
    }
}
