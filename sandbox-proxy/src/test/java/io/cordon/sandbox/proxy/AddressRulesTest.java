package io.cordon.sandbox.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00::1",
                "2001:200::1",
                "2003::1"
            })
    void publicAddressesArePermitted(String address) {
        assertThat(AddressRules.permits(InetAddresses.forString(address), false))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.255.255.254",
                "10.0.0.0",
                "10.255.255.255",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.0.1",
                "100.64.0.1",
                "100.127.255.255",
                "::1",
                "fc00::1",
                "fdff::1",
                "fec0::1"
            })
    void privateOnesAreOnRequest(String address) {
        assertThat(AddressRules.permits(InetAddresses.forString(address), false))
                .isFalse();
        assertThat(AddressRules.permits(InetAddresses.forString(address), true)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "169.254.169.254",
                "169.254.0.1",
                "192.0.0.8",
                "192.0.2.1",
                "192.88.99.1",
                "198.18.0.1",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "100.100.100.200",
                "fd00:ec2::254",
                "fd20:ce::254",
                "::",
                "fe80::1",
                "ff02::1",
                "::127.0.0.1",
                "64:ff9b::1.1.1.1",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "3fff::1",
                "4000::1",
                "5f00::1"
            })
    void reservedOnesNeverAre(String address) {
        assertThat(AddressRules.permits(InetAddresses.forString(address), false))
                .isFalse();
        assertThat(AddressRules.permits(InetAddresses.forString(address), true)).isFalse();
    }

    /** The JDK turns these into IPv4 addresses, so that they are judged as such. */
    @Property
    void anAddressOfIpv4IsJudgedTheSameInsideIpv6(@ForAll @Size(4) byte[] bytes) throws UnknownHostException {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xFF;
        mapped[11] = (byte) 0xFF;
        System.arraycopy(bytes, 0, mapped, 12, 4);

        assertThat(AddressRules.permits(InetAddress.getByAddress(mapped), false))
                .isEqualTo(AddressRules.permits(InetAddress.getByAddress(bytes), false));
    }

    /** The JDK's own classes of addresses, which are fewer, are a lower bound. */
    @Property
    void whatTheJdkCallsSpecialIsNotPermitted(@ForAll @Size(4) byte[] four, @ForAll @Size(16) byte[] sixteen)
            throws UnknownHostException {
        for (byte[] bytes : new byte[][] {four, sixteen}) {
            InetAddress address = InetAddress.getByAddress(bytes);
            if (address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || address.isLinkLocalAddress()
                    || address.isSiteLocalAddress()
                    || address.isMulticastAddress()) {
                assertThat(AddressRules.permits(address, false))
                        .as("%s", address)
                        .isFalse();
            }
            if (AddressRules.permits(address, false)) {
                assertThat(AddressRules.permits(address, true))
                        .as("%s", address)
                        .isTrue();
            }
        }
    }
}
