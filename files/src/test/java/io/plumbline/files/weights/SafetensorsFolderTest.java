package io.plumbline.files.weights;

import static io.plumbline.files.Fixtures.assertBadInput;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SafetensorsFolderTest {
  /** 1, -2.5 and 0 as float32, then the same as bfloat16, then as float16. */
  private static final byte[] DATA =
      ByteBuffer.allocate(24)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putFloat(1)
          .putFloat(-2.5f)
          .putFloat(0)
          .putShort((short) 0x3f80)
          .putShort((short) 0xc020)
          .putShort((short) 0)
          .putShort((short) 0x3c00)
          .putShort((short) 0xc100)
          .putShort((short) 0)
          .array();

  private static final String HEADER =
      "{\"__metadata__\":{\"format\":\"pt\"},"
          + "\"single\":{\"dtype\":\"F32\",\"shape\":[3,1],\"data_offsets\":[0,12]},"
          + "\"brain\":{\"dtype\":\"BF16\",\"shape\":[3],\"data_offsets\":[12,18]},"
          + "\"half\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[18,24]},"
          + "\"byte\":{\"dtype\":\"I8\",\"shape\":[3],\"data_offsets\":[18,21]}}";

  @TempDir Path folder;

  @Test
  void everyElementTypeIsReadAsFloat32() throws IOException {
    write("model.safetensors", HEADER, DATA);
    try (SafetensorsFolder weights = SafetensorsFolder.open(folder)) {
      weights.require("single", 3, 1);
      assertThat(read(weights, "single", 0, 3)).containsExactly(1, -2.5f, 0);
      assertThat(read(weights, "brain", 0, 3)).containsExactly(1, -2.5f, 0);
      assertThat(read(weights, "half", 0, 3)).containsExactly(1, -2.5f, 0);
      assertThat(read(weights, "brain", 1, 1)).containsExactly(-2.5f);
      assertThat(weights.has("byte")).isTrue();
      assertThat(weights.has("__metadata__")).isFalse();
    }
  }

  @Test
  void halfPrecisionIsExactAtItsEdges() {
    assertThat(Element.half((short) 0x7bff)).isEqualTo(65504);
    assertThat(Element.half((short) 0x0400)).isEqualTo(0x1p-14f);
    assertThat(Element.half((short) 0x0001)).isEqualTo(0x1p-24f);
    assertThat(Element.half((short) 0x83ff)).isEqualTo(-0x1.ff8p-15f);
    assertThat(Element.half((short) 0xfc00)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(Element.half((short) 0x7e00)).isNaN();
    assertThat(Float.floatToRawIntBits(Element.half((short) 0x8000)))
        .isEqualTo(Float.floatToRawIntBits(-0f));
  }

  @Test
  void tensorsOfSeveralFilesAreFoundByTheIndex() throws IOException {
    write(
        "a.safetensors", "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", DATA);
    write(
        "b.safetensors", "{\"y\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", DATA);
    Path index =
        Files.writeString(
            folder.resolve("model.safetensors.index.json"),
            "{\"weight_map\":{\"x\":\"a.safetensors\",\"y\":\"b.safetensors\"}}");
    try (SafetensorsFolder weights = SafetensorsFolder.open(folder)) {
      assertThat(read(weights, "x", 0, 1)).containsExactly(1);
      assertThat(read(weights, "y", 0, 1)).containsExactly(-2.5f);
    }

    Files.writeString(index, "{\"weight_map\":{\"z\":\"b.safetensors\"}}");
    assertBadInput(
        () -> SafetensorsFolder.open(folder),
        index + ": z is not in b.safetensors, where the index has it");
    Files.writeString(index, "{\"weight_map\":{\"x\":\"c.safetensors\"}}");
    assertBadInput(
        () -> SafetensorsFolder.open(folder), "no such file: " + folder.resolve("c.safetensors"));
    Files.writeString(index, "{}");
    assertBadInput(
        () -> SafetensorsFolder.open(folder), index + ": missing key weight_map (a mapping)");
  }

  @Test
  void whatDoesNotFitTheModelIsNamed() throws IOException {
    Path file = write("model.safetensors", HEADER, DATA);
    try (SafetensorsFolder weights = SafetensorsFolder.open(folder)) {
      assertBadInput(
          () -> weights.require("single", 1, 3),
          file
              + ": tensor single has shape [3, 1], the model card wants [1, 3]. Maybe the card is of another model.");
      assertBadInput(
          () -> weights.require("singl", 3),
          folder
              + ": no tensor singl. Nearest: single. Maybe the weights are of another architecture than the model card.");
      assertBadInput(
          () -> read(weights, "byte", 0, 3),
          file
              + ": tensor byte is in I8; only F32, F16 and BF16 are read. Maybe convert the weights.");
    }
  }

  @Test
  void brokenFilesAreNamed() throws IOException {
    assertBadInput(
        () -> SafetensorsFolder.open(folder),
        "no weights in "
            + folder
            + ": neither model.safetensors nor model.safetensors.index.json is there");
    Path file = write("model.safetensors", HEADER, new byte[17]);
    assertBadInput(
        () -> SafetensorsFolder.open(folder),
        file + ": tensor brain ends beyond the file. Maybe the file was cut off.");
    Files.writeString(file, "version https://git-lfs.github.com/spec/v1");
    assertBadInput(
        () -> SafetensorsFolder.open(folder),
        file + ": no safetensors file, or cut off within its header");
    write(
        "model.safetensors",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[9],\"data_offsets\":[0,4]}}",
        DATA);
    try (SafetensorsFolder weights = SafetensorsFolder.open(folder)) {
      assertBadInput(
          () -> read(weights, "x", 0, 9),
          file + ": tensor x has fewer numbers than its shape says");
    }
  }

  private static float[] read(SafetensorsFolder weights, String tensor, long from, int count) {
    float[] values = new float[count];
    weights.read(tensor, from, values);
    return values;
  }

  private Path write(String name, String header, byte[] data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    return Files.write(
        folder.resolve(name), bytes.putLong(json.length).put(json).put(data).array());
  }
}
