"""pyarrow: decode a Parquet file into memory and do nothing with it, as a whole process.

python pyarrow_decode.py FILE
"""

import sys

import pyarrow.parquet as pq

print(pq.read_table(sys.argv[1]).num_rows)
