package io.cordon.sandbox.windows.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import java.nio.charset.Charset;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodePagesTest {
    /** A character, and its bytes in the code page, from the tables of bestfitNNN.txt at unicode.org. */
    @ParameterizedTest
    @CsvSource({
        "437,IBM437,ü,81",
        "737,x-IBM737,Α,80",
        "775,IBM775,Ć,80",
        "850,IBM850,õ,e4",
        "852,IBM852,ő,8b",
        "855,IBM855,Ё,85",
        "857,IBM857,ş,9f",
        "858,IBM00858,€,d5",
        "860,IBM860,ã,84",
        "861,IBM861,Þ,8d",
        "862,IBM862,א,80",
        "863,IBM863,Â,84",
        "864,IBM864,·,81",
        "865,IBM865,¤,af",
        "866,IBM866,Ё,f0",
        "869,IBM869,Ά,86",
        "874,x-windows-874,ก,a1",
        "932,windows-31j,あ,82a0",
        "936,x-mswin-936,中,d6d0",
        "936,x-mswin-936,€,80",
        "949,x-windows-949,가,b0a1",
        "950,x-windows-950,中,a4a4",
        "1250,windows-1250,ő,f5",
        "1251,windows-1251,Ж,c6",
        "1252,windows-1252,€,80",
        "1253,windows-1253,Α,c1",
        "1254,windows-1254,ş,fe",
        "1255,windows-1255,א,e0",
        "1256,windows-1256,ا,c7",
        "1257,windows-1257,ė,eb",
        "1258,windows-1258,đ,f0",
        "1361,x-Johab,가,8861",
        "20127,US-ASCII,A,41",
        "20866,KOI8-R,Ж,f6",
        "21866,KOI8-U,ї,a7",
        "28591,ISO-8859-1,ü,fc",
        "28592,ISO-8859-2,ő,f5",
        "28605,ISO-8859-15,€,a4",
        "54936,GB18030,中,d6d0",
        "65001,UTF-8,€,e282ac"
    })
    void aCodePageHasACharset(int number, String name, String character, String bytes) throws Exception {
        Charset charset = CodePages.charset(number);

        assertThat(charset).isEqualTo(Charset.forName(name));
        assertThat(new String(HexFormat.of().parseHex(bytes), charset)).isEqualTo(character);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1, 3, 57002, 28590, 28606, 99999})
    void anotherIsRefusedByItsNumber(int number) {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> CodePages.charset(number))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.CHARSET_UNAVAILABLE))
                .withMessageContaining("code page " + number + " ")
                .withMessageContaining("charset(Charset)");
    }

    /** 720 is the OEM code page of Arabic Windows, and no JDK has it. */
    @Test
    void aCodePageThatJavaLacksIsRefused() {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> CodePages.charset(720))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.CHARSET_UNAVAILABLE));
    }
}
