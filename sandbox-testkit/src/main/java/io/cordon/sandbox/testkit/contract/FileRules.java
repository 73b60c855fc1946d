package io.cordon.sandbox.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** W01 to W11: what is written in the workspace, and nowhere else. */
abstract class FileRules extends Rules {
    @Test
    void required_W01_theWorkspaceIsWritable() throws Exception {
        unlessDeclared("W01");
        Path inside = ContractScene.files(scene().workspace().resolve("inside"));
        try (Sandbox sandbox = open()) {
            scene().confined(
                            sandbox,
                            files(
                                    inside,
                                    "read read",
                                    "write write",
                                    "append append",
                                    "truncate truncate",
                                    "create new",
                                    "mkdir new-directory",
                                    "rename rename",
                                    "delete delete",
                                    "delete directory"))
                    .isOk("work in the workspace");
        }
        assertThat(ContractScene.contents(inside))
                .containsEntry("write", "changed")
                .containsEntry("append", "beforechanged")
                .containsEntry("truncate", "")
                .containsEntry("new", "made")
                .containsEntry("new-directory", "-")
                .containsEntry("rename-renamed", "before")
                .doesNotContainKeys("rename", "delete", "directory");
    }

    @Test
    void required_W02_nothingIsMadeOutside() throws Exception {
        unchanged("W02", "create new", "mkdir new-directory");
    }

    @Test
    void required_W03_nothingIsWrittenOutside() throws Exception {
        unchanged("W03", "write write", "append append", "truncate truncate");
    }

    @Test
    void required_W04_nothingIsDeletedOutside() throws Exception {
        unchanged("W04", "delete delete", "delete directory");
    }

    @Test
    void required_W05_nothingIsRenamedOrTakenOutside() throws Exception {
        unchanged("W05", "rename rename", "take take");
    }

    @Test
    void required_W06_nothingIsWrittenByAHardLink() throws Exception {
        unchanged("W06", "link link");
    }

    @Test
    void required_W07_nothingIsWrittenThroughASymbolicLink() throws Exception {
        Path link = symbolicLink("to-outside", scene().outside());
        Path controlled = symbolicLink("to-control", scene().control());
        unchanged("W07", controlled, link, List.of(), "write write", "create new");
    }

    private Path symbolicLink(String name, Path target) throws IOException {
        try {
            return Files.createSymbolicLink(scene().workspace().resolve(name), target);
        } catch (IOException | UnsupportedOperationException e) {
            return abort("this user makes no symbolic links here: " + e);
        }
    }

    @Test
    void required_W08_nothingIsWrittenByARelativePath() throws Exception {
        unchanged(
                "W08",
                Path.of("probe", "..", "..", "control"),
                Path.of("probe", "..", "..", "outside"),
                List.of(),
                "write write",
                "create new");
    }

    @Test
    void required_W09_nothingIsWrittenByAGrandchild() throws Exception {
        unchanged("W09", scene().control(), scene().outside(), List.of("grandchild"), "write write", "create new");
    }

    @Test
    void required_W10_aChildHasATemporaryDirectoryOfItsOwn() throws Exception {
        unlessDeclared("W10");
        Path first;
        try (Sandbox sandbox = open()) {
            Attempt made = scene().confined(sandbox, "temporary");
            made.isOk("a temporary file");
            first = Path.of(made.said());
            scene().confined(sandbox, new String[] {"files", "read", first.toString()})
                    .isOk("reading it again");
        }
        assertThat(first).as("the temporary file, after closing").doesNotExist();
    }

    @Test
    void required_W11_openingAndClosingLeaveNothingInTheWorkspace() throws Exception {
        unlessDeclared("W11");
        SortedMap<String, String> before = ContractScene.contents(scene().workspace());
        SortedMap<String, String> outside = ContractScene.contents(scene().outside());
        try (Sandbox sandbox = open()) {
            scene().confined(sandbox, files(scene().workspace(), "create made")).isOk("a file in the workspace");
        }
        Files.delete(scene().workspace().resolve("made"));
        assertThat(ContractScene.contents(scene().workspace())).isEqualTo(before);
        assertThat(ContractScene.contents(scene().outside())).isEqualTo(outside);
    }

    private Sandbox open() throws Exception {
        return scene().open(scene().policy().build());
    }

    private void unchanged(String rule, String... operations) throws Exception {
        unchanged(rule, scene().control(), scene().outside(), List.of(), operations);
    }

    /** Operations that change something unconfined, and are denied in a sandbox, where they change nothing. */
    private void unchanged(String rule, Path control, Path outside, List<String> before, String... operations)
            throws Exception {
        unlessDeclared(rule, Capability.FILE_WRITE, scene().policy());
        SortedMap<String, String> contents = ContractScene.contents(scene().control());
        scene().unconfined(files(control, before, operations)).isOk("the control, unconfined");
        assertThat(ContractScene.contents(scene().control())).as("the control").isNotEqualTo(contents);
        // A second name of a file outside is no part of a workspace that a backend has to open.
        Files.deleteIfExists(
                scene().workspace().resolve("link-" + scene().control().getFileName()));

        contents = ContractScene.contents(scene().outside());
        try (Sandbox sandbox = open()) {
            scene().confined(sandbox, files(outside, before, operations)).isDenied("outside");
        }
        assertThat(ContractScene.contents(scene().outside()))
                .as("what is outside")
                .isEqualTo(contents);
    }

    static String[] files(Path directory, String... operations) {
        return files(directory, List.of(), operations);
    }

    /** The arguments of the probe for operations, such as {@code write name}, in a directory. */
    private static String[] files(Path directory, List<String> before, String... operations) {
        List<String> arguments = new ArrayList<>(before);
        arguments.add("files");
        for (String operation : operations) {
            int blank = operation.indexOf(' ');
            arguments.add(operation.substring(0, blank));
            arguments.add(directory.resolve(operation.substring(blank + 1)).toString());
        }
        return arguments.toArray(new String[0]);
    }
}
