package io.cordon.sandbox.windows.edit;

import io.cordon.sandbox.windows.win32.WindowsFailure;

/**
 * An object that did not take a change.
 *
 * @param path where it is
 * @param reason why
 * @param code the code of Windows, or 0 if nothing failed and the change is not there all the same
 */
public record Unreached(String path, String reason, int code) {
    static Unreached of(String path, WindowsFailure failure) {
        return new Unreached(path, String.valueOf(failure.getMessage()), failure.code());
    }

    @Override
    public String toString() {
        return path + ": " + reason;
    }
}
