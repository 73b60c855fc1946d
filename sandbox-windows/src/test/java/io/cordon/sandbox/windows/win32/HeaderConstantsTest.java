package io.cordon.sandbox.windows.win32;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares every constant of the module with {@code constants.txt}, and that with the headers where they are installed.
 * A constant has the name that it has in the headers, or stands in one of the tables here.
 */
@Timeout(120)
class HeaderConstantsTest {
    /** What is called otherwise, or has no name: as an expression of C. */
    private static final ImmutableMap<String, String> EXPRESSIONS = ImmutableMap.<String, String>builder()
            .put("FileTree.FILE_SHARE_ALL", "FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE")
            .put("JnaFileCalls.FILE_SHARE_ALL", "FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE")
            .put("StandardStreams.APPEND", "FILE_GENERIC_WRITE & ~FILE_WRITE_DATA")
            .put("StandardStreams.FILE_SHARE_READ_WRITE", "FILE_SHARE_READ | FILE_SHARE_WRITE")
            .put("JnaFileCalls.FILE_BASIC_INFO_SIZE", "sizeof(FILE_BASIC_INFO)")
            .put("JnaFileCalls.FILE_BASIC_INFO_ATTRIBUTES", "offsetof(FILE_BASIC_INFO, FileAttributes)")
            .put("JnaFileCalls.FILE_DISPOSITION_INFO_SIZE", "sizeof(FILE_DISPOSITION_INFO)")
            .put("JnaFileCalls.NEXT_ENTRY_OFFSET", "offsetof(FILE_ID_BOTH_DIR_INFO, NextEntryOffset)")
            .put("JnaFileCalls.FILE_NAME_LENGTH", "offsetof(FILE_ID_BOTH_DIR_INFO, FileNameLength)")
            .put("JnaFileCalls.FILE_NAME", "offsetof(FILE_ID_BOTH_DIR_INFO, FileName)")
            .put("FileTree.AS_ITSELF", "FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT")
            .put("FileTree.FILE_SHARE_READ_WRITE", "FILE_SHARE_READ | FILE_SHARE_WRITE")
            .put("PathResolution.FILE_SHARE_ALL", "FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE")
            .put("Inheritance.INHERIT", "OBJECT_INHERIT_ACE | CONTAINER_INHERIT_ACE")
            .put("ObjectSecurity.ACL_SIZE_OFFSET", "offsetof(ACL, AclSize)")
            .put("ProcessCalls.MOST_AWAITED", "MAXIMUM_WAIT_OBJECTS - 1")
            .put("ExitWatch.FOREVER", "INFINITE")
            .put("JnaContainerCalls.WIN32_ERROR", "(unsigned) SEVERITY_ERROR << 31 | FACILITY_WIN32 << 16")
            .put("JnaTokenCalls.GROUPS_OFFSET", "offsetof(TOKEN_GROUPS, Groups)")
            .put("JnaTokenCalls.SID_AND_ATTRIBUTES_SIZE", "sizeof(SID_AND_ATTRIBUTES)")
            .put("JnaTokenCalls.ATTRIBUTES_OFFSET", "offsetof(SID_AND_ATTRIBUTES, Attributes)")
            .put("IntegrityLevel.UNTRUSTED", "SECURITY_MANDATORY_UNTRUSTED_RID")
            .put("IntegrityLevel.LOW", "SECURITY_MANDATORY_LOW_RID")
            .put("IntegrityLevel.MEDIUM", "SECURITY_MANDATORY_MEDIUM_RID")
            .put("IntegrityLevel.HIGH", "SECURITY_MANDATORY_HIGH_RID")
            .put("IntegrityLevel.SYSTEM", "SECURITY_MANDATORY_SYSTEM_RID")
            .put("MandatoryLabel.NO_WRITE_UP", "SYSTEM_MANDATORY_LABEL_NO_WRITE_UP")
            .put("MandatoryLabel.NO_READ_UP", "SYSTEM_MANDATORY_LABEL_NO_READ_UP")
            .put("MandatoryLabel.NO_EXECUTE_UP", "SYSTEM_MANDATORY_LABEL_NO_EXECUTE_UP")
            .put("MandatoryLabel.NO_ACCESS_UP", "SYSTEM_MANDATORY_LABEL_VALID_MASK")
            .put("AceFlags.OBJECT_INHERIT", "OBJECT_INHERIT_ACE")
            .put("AceFlags.CONTAINER_INHERIT", "CONTAINER_INHERIT_ACE")
            .put("AceFlags.NO_PROPAGATE", "NO_PROPAGATE_INHERIT_ACE")
            .put("AceFlags.INHERIT_ONLY", "INHERIT_ONLY_ACE")
            .put("AceFlags.INHERITED", "INHERITED_ACE")
            .put("AceFlags.INHERIT", "OBJECT_INHERIT_ACE | CONTAINER_INHERIT_ACE")
            .put("AccessAce.FIXED_LENGTH", "offsetof(ACCESS_ALLOWED_ACE, SidStart)")
            .put("AceCodec.HEADER_LENGTH", "sizeof(ACE_HEADER)")
            .put("Acl.HEADER_LENGTH", "sizeof(ACL)")
            .put("Acl.REVISION", "ACL_REVISION")
            .put("Acl.REVISION_DS", "ACL_REVISION_DS")
            .put("GenericMapping.GENERIC_BITS", "GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL")
            .put("LabelAce.TYPE", "SYSTEM_MANDATORY_LABEL_ACE_TYPE")
            .put("LabelAce.LENGTH", "offsetof(SYSTEM_MANDATORY_LABEL_ACE, SidStart) + sizeof(SID)")
            .put("SecurityDescriptor.DACL_PRESENT", "SE_DACL_PRESENT")
            .put("SecurityDescriptor.SACL_PRESENT", "SE_SACL_PRESENT")
            .put("SecurityDescriptor.DACL_AUTO_INHERIT_REQ", "SE_DACL_AUTO_INHERIT_REQ")
            .put("SecurityDescriptor.SACL_AUTO_INHERIT_REQ", "SE_SACL_AUTO_INHERIT_REQ")
            .put("SecurityDescriptor.DACL_AUTO_INHERITED", "SE_DACL_AUTO_INHERITED")
            .put("SecurityDescriptor.SACL_AUTO_INHERITED", "SE_SACL_AUTO_INHERITED")
            .put("SecurityDescriptor.DACL_PROTECTED", "SE_DACL_PROTECTED")
            .put("SecurityDescriptor.SACL_PROTECTED", "SE_SACL_PROTECTED")
            .put("SecurityDescriptor.RM_CONTROL_VALID", "SE_RM_CONTROL_VALID")
            .put("SecurityDescriptor.SELF_RELATIVE", "SE_SELF_RELATIVE")
            .put("SecurityDescriptorCodec.HEADER_LENGTH", "sizeof(SECURITY_DESCRIPTOR_RELATIVE)")
            .put("SecurityDescriptorCodec.REVISION", "SECURITY_DESCRIPTOR_REVISION")
            .put("Sid.HEADER_LENGTH", "offsetof(SID, SubAuthority)")
            .put("Sid.MAX_SUB_AUTHORITIES", "SID_MAX_SUB_AUTHORITIES")
            .put("Sid.REVISION", "SID_REVISION")
            .put(
                    "JnaAccountCalls.FLAGS",
                    "UF_SCRIPT | UF_PASSWD_CANT_CHANGE | UF_NORMAL_ACCOUNT | UF_DONT_EXPIRE_PASSWD")
            .buildOrThrow();

    /** What is the library's own, or follows from other constants. */
    private static final ImmutableSet<String> OWN = ImmutableSet.of(
            "AccessMask.NONE",
            "AceFlags.NONE",
            "BrokerMain.USAGE",
            "BrokerMain.REFUSED",
            "BrokerMain.PROTOCOL",
            "BrokerPeer.ENDED",
            "BrokerPeer.END_MILLISECONDS",
            "BrokeredProcess.END_SECONDS",
            "JnaBrokerCalls.BUFFER",
            "JnaBrokerCalls.PIPE_WRITE",
            "FailureNote.MOST_BYTES",
            "AttemptCodec.MOST",
            "AttemptCodec.LONGEST_PATH",
            "AttemptCodec.LAST_PORT",
            "AttemptCodec.ON_FILE",
            "AttemptCodec.ON_PROCESS",
            "AttemptCodec.ON_PORT",
            "MessageCodec.TRIES",
            "MessageCodec.OUTCOMES",
            "MessageChannel.HEADER",
            "PipeAccess.CLIENT",
            "PipeAccess.NAME_BYTES",
            "ShapeCodec.MOST_SIDS",
            "ShapeCodec.WHOLE_RATE",
            "ShapeCodec.LONGEST_DESKTOP",
            "MessageCodec.VERSION",
            "MessageCodec.LONGEST",
            "MessageCodec.MAGIC",
            "MessageCodec.HELLO",
            "MessageCodec.LAUNCH",
            "MessageCodec.STARTED",
            "MessageCodec.FAILED",
            "MessageCodec.KILL",
            "MessageCodec.EXITED",
            "MessageCodec.CLOSE",
            "MessageCodec.LONGEST_LINE",
            "MessageCodec.LONGEST_ENVIRONMENT",
            "MessageCodec.LONGEST_TEXT",
            "CapabilitySids.SECRET",
            "CmdScript.MAX_LENGTH",
            "CodePages.LATIN_1", // numbers of code pages are in no header
            "CodePages.LATIN_9",
            "CommandLine.MAX_LENGTH",
            "ConsoleTrial.MILLISECONDS",
            "CordonWindows.DONE",
            "CordonWindows.LEFT",
            "CordonWindows.NOT_HERE",
            "CordonWindows.USAGE",
            "SetupCommand.BUSY",
            "SetupCommand.NOT_CONFIRMED",
            "SetupCommand.NOT_ELEVATED",
            "SetupCommand.OTHER_OWNER",
            "EnvironmentBlock.MAX_VARIABLE",
            "JnaSurfaceCalls.LONGEST_NAME",
            "JobSetup.HUNDREDTHS",
            "ConfinedToken.LEVEL",
            "EditPlanning.GRANT",
            "EditPlanning.READ",
            "ContainerGrants.APP_PACKAGE_AUTHORITY", // an array in the headers
            "ContainerGrants.CHANGES",
            "ContainerGrants.USES",
            "ContainerProfiles.DIGITS",
            "JnaContainerCalls.CODE",
            "JnaContainerCalls.MILLISECONDS",
            "GenericMapping.STANDARD_WRITE",
            "IntegrityLevel.AUTHORITY",
            "IntegrityLevel.MEDIUM_LOW",
            "JnaFileCalls.DIRECTORY_BUFFER",
            "JnaFileCalls.PATH_BUFFER",
            "JnaHostCalls.DRIVE_LETTERS",
            "JnaHostPipe.BUFFER",
            "JnaPipeCalls.BUFFER",
            "JnaTokenCalls.PRIVILEGES_LENGTH",
            "KernelObjectSecurity.USUAL_LENGTH",
            "OwnedHandle.GONE",
            "BlockReader.SCAN",
            "FinalPath.MAX_LENGTH",
            "JournalFormat.BATCH_LENGTH",
            "JournalFormat.BLOCK_HEADER",
            "JournalFormat.BLOCK_OVERHEAD",
            "JournalFormat.COMPLETED",
            "JournalFormat.HEADER",
            "JournalFormat.LEASE",
            "JournalFormat.MARKER",
            "JournalFormat.MAX_PAYLOAD",
            "JournalFormat.PREAMBLE_LENGTH",
            "JournalFormat.RECORDS",
            "JournalFormat.VERSION",
            "AccessQuestions.CHANGES",
            "AccessQuestions.KEPT",
            "EditBatch.SIZE",
            "ExposedSearch.MOST_UNSEARCHED",
            "LabelGrant.GRANT",
            "LayerHeader.MAX_SEQUENCE",
            "PlanFindings.NAMED",
            "JobSetup.CRAWL_BYTES_PER_SECOND",
            "Owner.UNKNOWN_START",
            "Owners.TOLERANCE",
            "RecordsBlock.ENTRY",
            "RecordsBlock.LABEL",
            "RecordsBlock.MADE",
            "RecordsBlock.MIN_RECORD",
            "RegisterLock.LOCKED_BYTE",
            "Acl.MAX_LENGTH",
            "Sddl.MAX_LENGTH",
            "SddlParser.ALIAS_LENGTH",
            "SddlPrinter.DACL_WORDS",
            "SddlPrinter.SACL_WORDS",
            "SddlPrinter.WORDLESS",
            "SddlScanner.MAX_HEX_DIGITS",
            "SecurityDescriptorCodec.MAX_LENGTH",
            "Sid.MAX_AUTHORITY",
            "AccountFilters.BLOCK_WEIGHT",
            "AccountFilters.PERMIT_WEIGHT",
            "AccountNames.DIGITS",
            "AccountSecrets.LENGTH",
            "FilterMemory.V6_LENGTH",
            "JnaAccountCalls.LONGEST_DOMAIN",
            "JnaAccountCalls.LONGEST_SID",
            "JnaFilterCalls.SUBLAYER_WEIGHT",
            "SetupOptions.LAST_PORT",
            "WindowsProcess.KILLED");

    /** What the headers do not have, and the page that says its value. */
    private static final ImmutableMap<String, String> NOT_IN_THE_HEADERS = ImmutableMap.ofEntries(
            Map.entry(
                    "ERROR_REPARSE_POINT_ENCOUNTERED",
                    "https://learn.microsoft.com/windows/win32/debug/system-error-codes--4000-5999-"),
            Map.entry(
                    "FWPM_FILTER_FLAG_PERSISTENT",
                    "https://learn.microsoft.com/windows/win32/api/fwpmtypes/ns-fwpmtypes-fwpm_filter0"),
            Map.entry(
                    "FWPM_FILTER_FLAG_CLEAR_ACTION_RIGHT",
                    "https://learn.microsoft.com/windows/win32/api/fwpmtypes/ns-fwpmtypes-fwpm_filter0"),
            Map.entry(
                    "FWPM_FILTER_FLAG_INDEXED",
                    "https://learn.microsoft.com/windows/win32/api/fwpmtypes/ns-fwpmtypes-fwpm_filter0"),
            Map.entry(
                    "FWPM_PROVIDER_FLAG_PERSISTENT",
                    "https://learn.microsoft.com/windows/win32/api/fwpmtypes/ns-fwpmtypes-fwpm_provider0"),
            Map.entry(
                    "FWPM_SUBLAYER_FLAG_PERSISTENT",
                    "https://learn.microsoft.com/windows/win32/api/fwpmtypes/ns-fwpmtypes-fwpm_sublayer0"),
            Map.entry(
                    "JobObjectNetRateControlInformation",
                    "https://learn.microsoft.com/windows/win32/api/jobapi2/nf-jobapi2-setinformationjobobject"),
            Map.entry(
                    "JOB_OBJECT_NET_RATE_CONTROL_ENABLE",
                    "https://learn.microsoft.com/windows/win32/api/winnt/ne-winnt-job_object_net_rate_control_flags"),
            Map.entry(
                    "JOB_OBJECT_NET_RATE_CONTROL_MAX_BANDWIDTH",
                    "https://learn.microsoft.com/windows/win32/api/winnt/ne-winnt-job_object_net_rate_control_flags"));

    /** A constant, with its value as it stands in Java, and how many bits that has. */
    private record Constant(String name, long value, int bits) {
        String expression() {
            return EXPRESSIONS.getOrDefault(name, name.substring(name.indexOf('.') + 1));
        }

        /** Whether the bits are those of C: unsigned there, they may be signed here. */
        boolean has(long expected) {
            int unused = Long.SIZE - bits;
            boolean fits = expected << unused >> unused == expected || expected << unused >>> unused == expected;
            return fits && expected << unused == value << unused;
        }
    }

    private static ImmutableList<Constant> constants() throws Exception {
        ImmutableList.Builder<Constant> constants = ImmutableList.builder();
        for (Class<?> type : MainClasses.all()) {
            for (Field field : type.getDeclaredFields()) {
                if (MainClasses.isWritten(type)
                        && Modifier.isStatic(field.getModifiers())
                        && Modifier.isFinal(field.getModifiers())
                        && !field.isSynthetic()
                        && !field.getName().equals("serialVersionUID")) {
                    constant(type.getSimpleName() + "." + field.getName(), field)
                            .ifPresent(constants::add);
                }
            }
        }
        return constants.build();
    }

    private static Optional<Constant> constant(String name, Field field) throws IllegalAccessException {
        Class<?> type = field.getType();
        if (type == byte.class || type == short.class || type == int.class || type == long.class) {
            field.setAccessible(true);
            int bits = type == byte.class ? 8 : type == short.class ? 16 : type == int.class ? 32 : 64;
            return Optional.of(new Constant(name, ((Number) field.get(null)).longValue(), bits));
        }
        if (type == AccessMask.class || type == AceFlags.class || type == IntegrityLevel.class) {
            field.setAccessible(true);
            Object value = field.get(null);
            int bits = value instanceof AccessMask mask
                    ? mask.bits()
                    : value instanceof AceFlags flags ? flags.bits() : ((IntegrityLevel) value).rid();
            return Optional.of(new Constant(name, bits, 32));
        }
        return Optional.empty();
    }

    private static Map<String, Long> data() throws Exception {
        try (InputStream in = Objects.requireNonNull(HeaderConstantsTest.class.getResourceAsStream("constants.txt"))) {
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return Splitter.onPattern("\r?\n")
                    .omitEmptyStrings()
                    .splitToStream(text)
                    .collect(toMap(
                            line -> line.substring(0, line.lastIndexOf(' ')),
                            line -> Long.valueOf(line.substring(line.lastIndexOf(' ') + 1)),
                            (one, other) -> {
                                throw new AssertionError("twice in constants.txt: " + one);
                            },
                            TreeMap::new));
        }
    }

    @Test
    void everyConstantHasTheValueThatTheHeadersHave() throws Exception {
        // given
        Map<String, Long> data = data();
        List<String> wrong = new ArrayList<>();

        // when
        for (Constant constant : constants()) {
            if (!OWN.contains(constant.name)) {
                Long expected = data.get(constant.expression());
                if (expected == null) {
                    wrong.add(constant.name + ": constants.txt has no line '" + constant.expression() + " "
                            + constant.value + "'; add it, or the constant to a table of this test");
                } else if (!constant.has(expected)) {
                    wrong.add(constant.name + " is " + constant.value + ", in the headers it is " + expected);
                }
            }
        }

        // then
        assertThat(wrong).isEmpty();
    }

    @Test
    void theDataAndTheTablesHaveNothingElse() throws Exception {
        ImmutableSet<String> names = constants().stream().map(Constant::name).collect(toImmutableSet());
        ImmutableSet<String> expressions = constants().stream()
                .filter(constant -> !OWN.contains(constant.name))
                .map(Constant::expression)
                .collect(toImmutableSet());
        assertThat(names).hasSizeGreaterThan(150);
        assertThat(Sets.difference(data().keySet(), expressions))
                .as("lines of constants.txt")
                .isEmpty();
        assertThat(Sets.difference(EXPRESSIONS.keySet(), names)).isEmpty();
        assertThat(Sets.difference(OWN, names)).isEmpty();
        assertThat(Sets.intersection(OWN, EXPRESSIONS.keySet())).isEmpty();
        assertThat(Sets.difference(NOT_IN_THE_HEADERS.keySet(), expressions)).isEmpty();
        assertThat(NOT_IN_THE_HEADERS.values()).allMatch(page -> page.startsWith("https://learn.microsoft.com/"));
    }

    @Test
    void theDataAreThoseOfTheInstalledHeaders(@TempDir Path directory) throws Exception {
        Map<String, Long> data = data();
        data.keySet().removeAll(NOT_IN_THE_HEADERS.keySet());
        assertThat(MingwHeaders.values(ImmutableList.copyOf(data.keySet()), directory))
                .isEqualTo(data);
    }

    /** The comparison itself, by what must not be taken for the same. */
    @Test
    void bitsAreComparedWhateverTheirSign() {
        assertThat(new Constant("C.GENERIC_READ", 0x80000000, 32).has(0x80000000L))
                .isTrue();
        assertThat(new Constant("C.INFINITE", -1, 32).has(0xFFFFFFFFL)).isTrue();
        assertThat(new Constant("C.INVALID_HANDLE_VALUE", -1, 64).has(-1)).isTrue();
        assertThat(new Constant("C.TYPE", 0x11, 8).has(0x11)).isTrue();
        assertThat(new Constant("C.TYPE", 0x11, 8).has(0x111)).isFalse();
        assertThat(new Constant("C.TYPE", 0x11, 32).has(0x100000011L)).isFalse();
        assertThat(new Constant("C.TYPE", -1, 32).has(1)).isFalse();
    }
}
