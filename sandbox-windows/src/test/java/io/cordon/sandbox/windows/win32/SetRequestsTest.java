package io.cordon.sandbox.windows.win32;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.Sddl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SetRequestsTest {
    @Test
    void whatIsAutoInheritedIsAskedForTwiceAndWhatIsProtectedOnce() {
        assertThat(SetRequests.dacl(Sddl.parse("O:BAG:BAD:PAI(A;OICI;FA;;;WD)S:PAI(ML;;NW;;;LW)")))
                .isEqualTo(Sddl.parse("D:PARAI(A;OICI;FA;;;WD)"));
        assertThat(SetRequests.label(Sddl.parse("O:BAG:BAD:PAI(A;OICI;FA;;;WD)S:PAI(ML;;NW;;;LW)")))
                .isEqualTo(Sddl.parse("S:PARAI(ML;;NW;;;LW)"));
    }

    /** The request of another set is no state: asked for alone, AUTO_INHERITED would not be stored. */
    @Test
    void aRequestAloneAsksForNothing() {
        assertThat(SetRequests.dacl(Sddl.parse("D:AR(A;;FA;;;WD)"))).isEqualTo(Sddl.parse("D:(A;;FA;;;WD)"));
    }

    @Test
    void onlyLabelsAreAskedForAndNoneWithdraws() {
        assertThat(SetRequests.label(Sddl.parse("S:(AU;SA;FA;;;WD)(ML;OICI;NW;;;ME)")))
                .isEqualTo(Sddl.parse("S:(ML;OICI;NW;;;ME)"));
        assertThat(SetRequests.label(Sddl.parse("D:(A;;FA;;;WD)")))
                .isEqualTo(SecurityDescriptor.EMPTY.withSacl(Acl.EMPTY));
    }

    @Test
    void aMissingAccessListIsANullOne() {
        assertThat(SetRequests.dacl(SecurityDescriptor.EMPTY)).isEqualTo(SecurityDescriptor.EMPTY.withDacl(null));
        assertThat(SetRequests.dacl(Sddl.parse("D:"))).isEqualTo(SecurityDescriptor.EMPTY.withDacl(Acl.EMPTY));
    }

    @Test
    void aListThatAWithdrawnLabelLeftIsNone() {
        assertThat(SetRequests.withoutEmptySacl(Sddl.parse("D:(A;;FA;;;WD)S:")))
                .isEqualTo(Sddl.parse("D:(A;;FA;;;WD)"));
        assertThat(SetRequests.withoutEmptySacl(Sddl.parse("S:(ML;;NW;;;LW)")))
                .isEqualTo(Sddl.parse("S:(ML;;NW;;;LW)"));
    }
}
