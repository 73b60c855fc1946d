package io.cordon.sandbox.windows.win32;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.security.SecurityDescriptor;

/** Files, through handles; a path is only ever used to open one. Paths may begin with {@code \\?\}. */
public interface FileCalls {
    /**
     * Opens a file or directory.
     *
     * @param access the access mask
     * @param share {@code FILE_SHARE_*}
     * @param disposition {@code CREATE_NEW} and the like
     * @param flags {@code FILE_FLAG_*} and {@code FILE_ATTRIBUTE_*}
     */
    OwnedHandle open(String path, int access, int share, int disposition, int flags) throws WindowsFailure;

    /** Opens as {@link #open} does, and closes at once: 0, or the code of the failure. */
    int attempt(String path, int access, int disposition, int flags);

    /** What kind of file it is. */
    FileFacts facts(OwnedHandle file) throws WindowsFailure;

    /** The path of the file without links, short names or substituted drives, beginning with {@code \\?\}. */
    String finalPath(OwnedHandle file) throws WindowsFailure;

    /** The names in a directory, apart from {@code .} and {@code ..}; needs FILE_LIST_DIRECTORY. */
    ImmutableList<String> list(OwnedHandle directory) throws WindowsFailure;

    /** Lets the file vanish when its last handle is closed; needs DELETE. */
    void delete(OwnedHandle file) throws WindowsFailure;

    /** Takes the read-only attribute away, which would keep a file from being deleted; needs FILE_WRITE_ATTRIBUTES. */
    void makeWritable(OwnedHandle file) throws WindowsFailure;

    /**
     * Opens an object by its identity, whatever its name is now; a directory needs FILE_FLAG_BACKUP_SEMANTICS. NTFS
     * answers ERROR_INVALID_PARAMETER where nothing has that identity any more.
     *
     * @param onVolume any open file of the volume; Wine searches in it and below, so there it is a directory above
     * @param fileIndex as in {@link FileFacts#fileIndex}
     */
    OwnedHandle openById(OwnedHandle onVolume, long fileIndex, int access, int share, int flags) throws WindowsFailure;

    /** Makes a directory, which inherits from the one that it is in. */
    void createDirectory(String path) throws WindowsFailure;

    /** The volume that a file is on. */
    VolumeFacts volume(OwnedHandle file) throws WindowsFailure;

    /**
     * Owner, group, access list and label of this one object, control flags included. A SACL without entry is left out:
     * a withdrawn label leaves one behind where there was none. Needs READ_CONTROL.
     *
     * @throws WindowsFailure also with ERROR_INVALID_SECURITY_DESCR, if what the system returns cannot be read
     */
    SecurityDescriptor descriptor(OwnedHandle file) throws WindowsFailure;

    /**
     * Replaces the labels of this one object by those in the SACL of {@code descriptor}, and what the control flags say
     * of that, without handing anything on; without label there it withdraws the one that the object has. Needs
     * WRITE_OWNER.
     *
     * @see <a href="https://learn.microsoft.com/windows/win32/api/securitybaseapi/nf-securitybaseapi-setkernelobjectsecurity">
     *     SetKernelObjectSecurity</a>
     */
    void replaceLabel(OwnedHandle file, SecurityDescriptor descriptor) throws WindowsFailure;

    /**
     * Replaces the access list of this one object, and what the control flags say of it, by that of {@code descriptor},
     * without handing anything on. Needs WRITE_DAC.
     */
    void replaceDacl(OwnedHandle file, SecurityDescriptor descriptor) throws WindowsFailure;
}
