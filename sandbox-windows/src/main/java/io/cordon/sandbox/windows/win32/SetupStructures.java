package io.cordon.sandbox.windows.win32;

import com.sun.jna.Pointer;
import com.sun.jna.Structure.FieldOrder;
import io.cordon.sandbox.windows.win32.Structures.Buffer;
import org.jspecify.annotations.Nullable;

/** Structures for accounts, secrets and network filters, like {@link Structures}. Of a union, the member for a pointer. */
public final class SetupStructures {
    private SetupStructures() {}

    /** <a href="https://learn.microsoft.com/windows/win32/api/lmaccess/ns-lmaccess-user_info_1">Doc</a>. */
    @FieldOrder({
        "usri1_name",
        "usri1_password",
        "usri1_password_age",
        "usri1_priv",
        "usri1_home_dir",
        "usri1_comment",
        "usri1_flags",
        "usri1_script_path"
    })
    public static class USER_INFO_1 extends Buffer {
        public @Nullable Pointer usri1_name;
        public @Nullable Pointer usri1_password;
        public int usri1_password_age;
        public int usri1_priv;
        public @Nullable Pointer usri1_home_dir;
        public @Nullable Pointer usri1_comment;
        public int usri1_flags;
        public @Nullable Pointer usri1_script_path;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/lmaccess/ns-lmaccess-user_info_1003">Doc</a>. */
    @FieldOrder({"usri1003_password"})
    public static class USER_INFO_1003 extends Buffer {
        public @Nullable Pointer usri1003_password;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/lmaccess/ns-lmaccess-user_info_1008">Doc</a>. */
    @FieldOrder({"usri1008_flags"})
    public static class USER_INFO_1008 extends Buffer {
        public int usri1008_flags;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/lmaccess/ns-lmaccess-localgroup_info_1">Doc</a>. */
    @FieldOrder({"lgrpi1_name", "lgrpi1_comment"})
    public static class LOCALGROUP_INFO_1 extends Buffer {
        public @Nullable Pointer lgrpi1_name;
        public @Nullable Pointer lgrpi1_comment;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/lmaccess/ns-lmaccess-localgroup_members_info_0">Doc</a>. */
    @FieldOrder({"lgrmi0_sid"})
    public static class LOCALGROUP_MEMBERS_INFO_0 extends Buffer {
        public @Nullable Pointer lgrmi0_sid;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/lsalookup/ns-lsalookup-lsa_unicode_string">Doc</a>. */
    @FieldOrder({"Length", "MaximumLength", "Buffer"})
    public static class LSA_UNICODE_STRING extends Buffer {
        public short Length;
        public short MaximumLength;
        public @Nullable Pointer Buffer;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/lsalookup/ns-lsalookup-lsa_object_attributes">Doc</a>. */
    @FieldOrder({"Length", "RootDirectory", "ObjectName", "Attributes", "SecurityDescriptor", "SecurityQualityOfService"
    })
    public static class LSA_OBJECT_ATTRIBUTES extends Buffer {
        public int Length;
        public @Nullable Pointer RootDirectory;
        public @Nullable Pointer ObjectName;
        public int Attributes;
        public @Nullable Pointer SecurityDescriptor;
        public @Nullable Pointer SecurityQualityOfService;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/dpapi/ns-dpapi-crypt_integer_blob">Doc</a>. */
    @FieldOrder({"cbData", "pbData"})
    public static class DATA_BLOB extends Buffer {
        public int cbData;
        public @Nullable Pointer pbData;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/guiddef/ns-guiddef-guid">Doc</a>. */
    @FieldOrder({"Data1", "Data2", "Data3", "Data4"})
    public static class GUID extends Buffer {
        public int Data1;
        public short Data2;
        public short Data3;
        public byte[] Data4 = new byte[8];
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/fwptypes/ns-fwptypes-fwpm_display_data0">Doc</a>. */
    @FieldOrder({"name", "description"})
    public static class FWPM_DISPLAY_DATA0 extends Buffer {
        public @Nullable Pointer name;
        public @Nullable Pointer description;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/fwptypes/ns-fwptypes-fwp_byte_blob">Doc</a>. */
    @FieldOrder({"size", "data"})
    public static class FWP_BYTE_BLOB extends Buffer {
        public int size;
        public @Nullable Pointer data;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/fwptypes/ns-fwptypes-fwp_value0">Doc</a>. */
    @FieldOrder({"type", "sd"})
    public static class FWP_VALUE0 extends Buffer {
        public int type;
        public @Nullable Pointer sd;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/fwptypes/ns-fwptypes-fwp_condition_value0">Doc</a>. */
    @FieldOrder({"type", "sd"})
    public static class FWP_CONDITION_VALUE0 extends Buffer {
        public int type;
        public @Nullable Pointer sd;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/fwptypes/ns-fwptypes-fwp_range0">Doc</a>. */
    @FieldOrder({"valueLow", "valueHigh"})
    public static class FWP_RANGE0 extends Buffer {
        public FWP_VALUE0 valueLow = new FWP_VALUE0();
        public FWP_VALUE0 valueHigh = new FWP_VALUE0();
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/fwpmtypes/ns-fwpmtypes-fwpm_filter_condition0">Doc</a>. */
    @FieldOrder({"fieldKey", "matchType", "conditionValue"})
    public static class FWPM_FILTER_CONDITION0 extends Buffer {
        public GUID fieldKey = new GUID();
        public int matchType;
        public FWP_CONDITION_VALUE0 conditionValue = new FWP_CONDITION_VALUE0();
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/fwpmtypes/ns-fwpmtypes-fwpm_action0">Doc</a>. */
    @FieldOrder({"type", "filterType"})
    public static class FWPM_ACTION0 extends Buffer {
        public int type;
        public GUID filterType = new GUID();
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/fwpmtypes/ns-fwpmtypes-fwpm_filter0">Doc</a>. */
    @FieldOrder({
        "filterKey",
        "displayData",
        "flags",
        "providerKey",
        "providerData",
        "layerKey",
        "subLayerKey",
        "weight",
        "numFilterConditions",
        "filterCondition",
        "action",
        "rawContext",
        "reserved",
        "filterId",
        "effectiveWeight"
    })
    public static class FWPM_FILTER0 extends Buffer {
        public GUID filterKey = new GUID();
        public FWPM_DISPLAY_DATA0 displayData = new FWPM_DISPLAY_DATA0();
        public int flags;
        public @Nullable Pointer providerKey;
        public FWP_BYTE_BLOB providerData = new FWP_BYTE_BLOB();
        public GUID layerKey = new GUID();
        public GUID subLayerKey = new GUID();
        public FWP_VALUE0 weight = new FWP_VALUE0();
        public int numFilterConditions;
        public @Nullable Pointer filterCondition;
        public FWPM_ACTION0 action = new FWPM_ACTION0();
        public long[] rawContext = new long[2];
        public @Nullable Pointer reserved;
        public long filterId;
        public FWP_VALUE0 effectiveWeight = new FWP_VALUE0();
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/fwpmtypes/ns-fwpmtypes-fwpm_provider0">Doc</a>. */
    @FieldOrder({"providerKey", "displayData", "flags", "providerData", "serviceName"})
    public static class FWPM_PROVIDER0 extends Buffer {
        public GUID providerKey = new GUID();
        public FWPM_DISPLAY_DATA0 displayData = new FWPM_DISPLAY_DATA0();
        public int flags;
        public FWP_BYTE_BLOB providerData = new FWP_BYTE_BLOB();
        public @Nullable Pointer serviceName;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/fwpmtypes/ns-fwpmtypes-fwpm_sublayer0">Doc</a>. */
    @FieldOrder({"subLayerKey", "displayData", "flags", "providerKey", "providerData", "weight"})
    public static class FWPM_SUBLAYER0 extends Buffer {
        public GUID subLayerKey = new GUID();
        public FWPM_DISPLAY_DATA0 displayData = new FWPM_DISPLAY_DATA0();
        public short flags;
        public @Nullable Pointer providerKey;
        public FWP_BYTE_BLOB providerData = new FWP_BYTE_BLOB();
        public short weight;
    }

    /** <a href="https://learn.microsoft.com/windows/win32/api/shellapi/ns-shellapi-shellexecuteinfow">Doc</a>. */
    @FieldOrder({
        "cbSize",
        "fMask",
        "hwnd",
        "lpVerb",
        "lpFile",
        "lpParameters",
        "lpDirectory",
        "nShow",
        "hInstApp",
        "lpIDList",
        "lpClass",
        "hkeyClass",
        "dwHotKey",
        "hIcon",
        "hProcess"
    })
    public static class SHELLEXECUTEINFOW extends Buffer {
        public int cbSize;
        public int fMask;
        public @Nullable Pointer hwnd;
        public @Nullable Pointer lpVerb;
        public @Nullable Pointer lpFile;
        public @Nullable Pointer lpParameters;
        public @Nullable Pointer lpDirectory;
        public int nShow;
        public @Nullable Pointer hInstApp;
        public @Nullable Pointer lpIDList;
        public @Nullable Pointer lpClass;
        public @Nullable Pointer hkeyClass;
        public int dwHotKey;
        public @Nullable Pointer hIcon;
        public @Nullable Pointer hProcess;
    }
}
