package io.cordon.sandbox.linux.launch;

import com.google.common.base.Splitter;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.LaunchRequest;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Finds the executable that a command names, as a shell in the child's directory and environment would. */
final class ProgramLookup {
    private ProgramLookup() {}

    static Path find(LaunchRequest request) throws SandboxException {
        String program = request.program();
        if (program.indexOf('/') >= 0) {
            Path path = request.directory().resolve(program);
            if (!Files.exists(path)) {
                throw new SandboxException(
                        SandboxErrorCode.PROGRAM_NOT_FOUND,
                        "there is no program " + path + "; check the spelling of the command");
            }
            return executable(path);
        }
        String searchPath = request.environment().getOrDefault("PATH", "");
        Path notExecutable = null;
        for (String directory : Splitter.on(':').omitEmptyStrings().split(searchPath)) {
            try {
                Path path = request.directory().resolve(directory).resolve(program);
                if (Files.isExecutable(path) && !Files.isDirectory(path)) {
                    return path;
                }
                notExecutable = Files.isRegularFile(path) ? path : notExecutable;
            } catch (InvalidPathException e) {
                // No file can have this name in any directory; the search ends without one.
            }
        }
        if (notExecutable != null) {
            return executable(notExecutable);
        }
        throw new SandboxException(
                SandboxErrorCode.PROGRAM_NOT_FOUND,
                "there is no program '" + program + "' on the child's PATH (" + searchPath
                        + "); install it, or name it by its path");
    }

    private static Path executable(Path path) throws SandboxException {
        if (Files.isDirectory(path) || !Files.isExecutable(path)) {
            throw new SandboxException(
                    SandboxErrorCode.PROGRAM_NOT_EXECUTABLE,
                    path + " is " + (Files.isDirectory(path) ? "a directory" : "not executable")
                            + "; make it executable, or start it with its interpreter");
        }
        return path;
    }
}
