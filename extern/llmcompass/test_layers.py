"""What layers.py does without LLMCompass."""

import os
import tempfile
import unittest

import layers


class LayersTest(unittest.TestCase):
    def test_requests_are_served_one_after_the_other(self):
        requests = [
            {"id": 0, "arrival": 0.0, "prompt": 10, "output": 3},
            {"id": 1, "arrival": 0.5, "prompt": 20, "output": 1},
            {"id": 2, "arrival": 9.0, "prompt": 10, "output": 2},
        ]
        rows = layers.serve(requests, lambda prompt: prompt / 10, lambda context: context / 100)
        # 1 s of prefill, then decodes at contexts 11 and 12; the second waits for the end of the first.
        self.assertEqual([row[1:3] for row in rows[:1]], [(0.0, 1.0)])
        self.assertAlmostEqual(rows[0][3], 1.23)
        self.assertAlmostEqual(rows[1][1], 1.23)
        self.assertAlmostEqual(rows[1][3], 3.23)
        self.assertEqual(rows[2][1], 9.0)

    def test_decodes_between_contexts_are_interpolated(self):
        points = [(10, 1.0), (20, 3.0), (40, 3.5)]
        self.assertEqual(layers.interpolated(points, 5), 1.0)
        self.assertEqual(layers.interpolated(points, 15), 2.0)
        self.assertEqual(layers.interpolated(points, 30), 3.25)
        self.assertEqual(layers.interpolated(points, 99), 3.5)

    def test_contexts_span_all_requests(self):
        self.assertEqual(layers.contexts([{"prompt": 5, "output": 0}]), [5])
        spread = layers.contexts([{"prompt": 100, "output": 800}, {"prompt": 50, "output": 5}])
        self.assertEqual((spread[0], spread[-1], len(spread)), (50, 900, 9))

    def test_a_file_is_written_as_it_is_read(self):
        with tempfile.TemporaryDirectory() as folder:
            source = os.path.join(folder, "in.csv")
            with open(source, "w") as out:
                out.write("request_id,arrival_s,prompt_tokens,output_tokens\n0,0.250000000,10,1\n")
            target = os.path.join(folder, "out.csv")
            layers.write(target, layers.serve(layers.read(source), lambda prompt: 1.0, lambda context: 1.0))
            with open(target) as lines:
                self.assertEqual(lines.read().splitlines()[1], "0,0.250000000,10,1,0.250000000,1.250000000,1.250000000")


if __name__ == "__main__":
    unittest.main()
