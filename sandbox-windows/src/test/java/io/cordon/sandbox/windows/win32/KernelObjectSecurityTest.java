package io.cordon.sandbox.windows.win32;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cordon.sandbox.windows.security.Sddl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.SecurityDescriptorCodec;
import io.cordon.sandbox.windows.security.SecurityFormatException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KernelObjectSecurityTest {
    @Test
    void whatIsNoDescriptorIsAFailureOfTheCall() throws Exception {
        SecurityDescriptor descriptor = Sddl.parse("O:BAG:BAD:AI(A;ID;FA;;;WD)S:(ML;;NW;;;LW)");
        byte[] bytes = SecurityDescriptorCodec.encode(descriptor);
        // the positive control, with room behind it, as the system fills a buffer
        assertThat(KernelObjectSecurity.decoded(Arrays.copyOf(bytes, 1024))).isEqualTo(descriptor);

        bytes[16] = (byte) 0xFF; // where the access list is
        bytes[17] = (byte) 0xFF;
        WindowsFailure failure =
                catchThrowableOfType(WindowsFailure.class, () -> KernelObjectSecurity.decoded(bytes.clone()));
        assertThat(failure.code()).isEqualTo(WindowsFailure.ERROR_INVALID_SECURITY_DESCR);
        assertThat(failure).hasMessageContaining("GetKernelObjectSecurity").hasMessageContaining("offset 65535");
        assertThat(failure.getSuppressed()).hasOnlyElementsOfType(SecurityFormatException.class);
    }
}
