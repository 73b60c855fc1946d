package io.cordon.sandbox.testkit.windows;

import static io.cordon.sandbox.windows.security.AccessMask.FILE_GENERIC_WRITE;
import static io.cordon.sandbox.windows.security.AccessMask.FILE_READ_ATTRIBUTES;
import static io.cordon.sandbox.windows.security.AccessMask.NONE;
import static io.cordon.sandbox.windows.security.AccessMask.SYNCHRONIZE;

import io.cordon.sandbox.testkit.windows.VolumeOutcome.Status;
import io.cordon.sandbox.windows.security.AccessMask;

/**
 * What the model says of an operation that is done through Win32. The model asks for what NTFS needs; the functions of
 * Win32 ask for more, whether the operation needs it or not.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/fileio/file-security-and-access-rights">File Security and Access
 *     Rights</a>
 */
final class Win32Prediction {
    /** CreateFile opens for these as well, whatever it is asked for. */
    private static final AccessMask CREATE_FILE = SYNCHRONIZE.or(FILE_READ_ATTRIBUTES);

    private Win32Prediction() {}

    /** Does the operation on the model, if the functions of Win32 come so far. */
    static VolumeOutcome run(VolumeOperation operation, VirtualVolume volume, VirtualToken token) {
        VolumeSession session = volume.explaining(token);
        String opened = opened(operation);
        AccessMask more = more(operation);
        if (volume.find(opened) != null && !more.isEmpty() && !session.has(opened, more)) {
            return new VolumeOutcome(
                    Status.ACCESS_DENIED, "Win32 opens " + opened + " for " + more + " as well, which is not granted");
        }
        return operation.run(session);
    }

    /** The object that an operation opens or makes. */
    static String opened(VolumeOperation operation) {
        if (operation instanceof VolumeOperation.Rename rename) {
            return rename.from();
        } else if (operation instanceof VolumeOperation.HardLink link) {
            return link.existing();
        } else if (operation instanceof VolumeOperation.Write write) {
            return write.path();
        } else if (operation instanceof VolumeOperation.Append append) {
            return append.path();
        } else if (operation instanceof VolumeOperation.Overwrite overwrite) {
            return overwrite.path();
        } else if (operation instanceof VolumeOperation.SetAttributes set) {
            return set.path();
        } else if (operation instanceof VolumeOperation.Delete delete) {
            return delete.path();
        } else if (operation instanceof VolumeOperation.SetDacl set) {
            return set.path();
        } else if (operation instanceof VolumeOperation.SetOwner set) {
            return set.path();
        } else if (operation instanceof VolumeOperation.SetLabel set) {
            return set.path();
        } else if (operation instanceof VolumeOperation.MakeJunction make) {
            return make.path();
        } else if (operation instanceof VolumeOperation.CreateFile create) {
            return create.path();
        } else if (operation instanceof VolumeOperation.CreateDirectory create) {
            return create.path();
        }
        throw new IllegalArgumentException(operation.toString());
    }

    private static AccessMask more(VolumeOperation operation) {
        if (operation instanceof VolumeOperation.Overwrite) {
            return CREATE_FILE.or(FILE_GENERIC_WRITE);
        } else if (operation instanceof VolumeOperation.Rename || operation instanceof VolumeOperation.HardLink) {
            return SYNCHRONIZE;
        } else if (operation instanceof VolumeOperation.CreateFile
                || operation instanceof VolumeOperation.CreateDirectory) {
            return NONE;
        }
        return CREATE_FILE;
    }
}
