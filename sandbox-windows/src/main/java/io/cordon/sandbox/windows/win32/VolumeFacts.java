package io.cordon.sandbox.windows.win32;

/**
 * A volume.
 *
 * @param serial its serial number
 * @param fileSystem the name of its file system, such as NTFS
 * @param persistentAcls whether its files keep security descriptors (FILE_PERSISTENT_ACLS)
 */
public record VolumeFacts(int serial, String fileSystem, boolean persistentAcls) {}
