package io.cordon.sandbox.windows.plan;

import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.security.Sddl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import java.nio.file.Path;

/** Facts of a host on which nothing stands in the way: one user, one NTFS volume, a workspace that he owns. */
final class PlainHost {
    static final Sid USER = Sid.parse("S-1-5-21-1-2-3-1000");
    static final Sid LOGON = Sid.parse("S-1-5-5-0-77");
    static final Sid ACCOUNT = Sid.parse("S-1-5-21-1-2-3-1500");
    static final Sid PACKAGE = Sid.parse("S-1-15-2-1-2-3-4-5-6-7");
    static final Sid ROOT_CAPABILITY = Sid.parse("S-1-5-21-9-9-9-1");
    static final Sid TEMP_CAPABILITY = Sid.parse("S-1-5-21-9-9-9-2");

    static final Path ROOT = at("/home/me/ws");
    static final Path TEMP = at("/home/me/.cordon/t1");
    static final Path PROJECT = at("/home/me/ws/project");
    static final Path CARVE_OUT = PROJECT.resolve(".git");
    static final Path SECRET = at("/home/me/.ssh");

    static final long VOLUME = 0x1234;
    private static long lastId = 0;

    private PlainHost() {}

    static Path at(String path) {
        return Path.of(path).toAbsolutePath();
    }

    static SecurityDescriptor sd(String sddl) {
        return Sddl.parse(sddl.replace("USER", USER.toString()));
    }

    static SecurityDescriptor owned() {
        return sd("O:USERD:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;USER)");
    }

    static SecurityDescriptor labelled(String label) {
        return sd("O:USERD:AI(A;OICIID;FA;;;USER)S:" + label);
    }

    static ObjectFacts directory(Path path) {
        return object(path, owned(), true);
    }

    /** A file or directory that the user may edit. */
    static ObjectFacts object(Path path, SecurityDescriptor descriptor, boolean directory) {
        return new ObjectFacts(path, new FileId(VOLUME, ++lastId), directory, false, descriptor, true, true, false);
    }

    /** A directory whose label and DACL the user may not edit. */
    static ObjectFacts foreign(Path path, SecurityDescriptor descriptor) {
        return new ObjectFacts(path, new FileId(VOLUME, ++lastId), true, false, descriptor, false, false, false);
    }

    /** Everything but the objects. */
    static HostFacts.Builder bare() {
        return HostFacts.builder()
                .user(USER, LOGON)
                .aclVolume(VOLUME)
                .temp(TEMP)
                .capability(ROOT, ROOT_CAPABILITY)
                .capability(TEMP, TEMP_CAPABILITY);
    }

    /** With the workspace. */
    static HostFacts.Builder facts() {
        return bare().object(directory(ROOT));
    }

    /** With the workspace, a carve-out in it and a secret outside. */
    static HostFacts.Builder factsOfRules() {
        return facts().object(directory(PROJECT)).object(directory(CARVE_OUT)).object(directory(SECRET));
    }

    static SandboxPolicy.Builder policy() {
        return SandboxPolicy.builder().network(NetworkAccess.ALLOWED).allowWrite(ROOT);
    }

    static SandboxPolicy.Builder policyOfRules() {
        return policy().denyWrite(CARVE_OUT).denyRead(SECRET);
    }
}
