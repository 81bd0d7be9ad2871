<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About ClipSorter</source>
        <translation>关于 ClipSorter</translation>
    </message>
    <message>
        <source>What is new</source>
        <translation>更新内容</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Model: {} · Qt {}</source>
        <translation>模型：{} · Qt {}</translation>
    </message>
    <message>
        <source>Your photos, categories and searches stay on this computer. Nothing goes on the network unless you ask for a model to be downloaded.</source>
        <translation>你的照片、分类和搜索都留在这台电脑上。只有在你要求下载模型时才会联网。</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>Choose a folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Look at the photos again</source>
        <translation>重新分析照片</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>New category</source>
        <translation>新建分类</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Bins side by side</source>
        <translation>并排显示分类</translation>
    </message>
    <message>
        <source>One bin, large</source>
        <translation>单独放大一个分类</translation>
    </message>
    <message>
        <source>All photos in one grid</source>
        <translation>所有照片排在一起</translation>
    </message>
    <message>
        <source>Show photos larger</source>
        <translation>放大显示照片</translation>
    </message>
    <message>
        <source>Show photos smaller</source>
        <translation>缩小显示照片</translation>
    </message>
    <message>
        <source>Show photos in their usual size</source>
        <translation>以默认大小显示照片</translation>
    </message>
    <message>
        <source>Next bin</source>
        <translation>下一个分类</translation>
    </message>
    <message>
        <source>Export contact sheet…</source>
        <translation>导出缩略图页…</translation>
    </message>
    <message>
        <source>Export table…</source>
        <translation>导出表格…</translation>
    </message>
    <message>
        <source>Light or dark</source>
        <translation>浅色或深色</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Like the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Show the photo large</source>
        <translation>放大查看照片</translation>
    </message>
    <message>
        <source>Previous or next photo</source>
        <translation>上一张或下一张照片</translation>
    </message>
    <message>
        <source>Look closer, step back, show all of the photo</source>
        <translation>放大、缩小、显示整张照片</translation>
    </message>
    <message>
        <source>Why the large photo is where it is</source>
        <translation>说明这张照片为什么在这里</translation>
    </message>
    <message>
        <source>Ctrl or Shift + click</source>
        <translation>Ctrl 或 Shift + 单击</translation>
    </message>
    <message>
        <source>Copy the photos</source>
        <translation>复制照片</translation>
    </message>
    <message>
        <source>PHOTOS</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Send the selected photos to a category</source>
        <translation>把选中的照片放入对应分类</translation>
    </message>
    <message>
        <source>Send the selected photos to Unsorted</source>
        <translation>把选中的照片放回“未分类”</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>回车</translation>
    </message>
    <message>
        <source>Select several photos</source>
        <translation>选择多张照片</translation>
    </message>
    <message>
        <source>Select all photos of a bin</source>
        <translation>选择该分类的所有照片</translation>
    </message>
    <message>
        <source>Select nothing; show all bins again</source>
        <translation>取消选择；重新显示所有分类</translation>
    </message>
    <message>
        <source>LARGE PHOTO</source>
        <translation>查看大图</translation>
    </message>
    <message>
        <source>Leave the large photo</source>
        <translation>离开大图</translation>
    </message>
    <message>
        <source>DUPLICATES</source>
        <translation>重复照片</translation>
    </message>
    <message>
        <source>Mark the photo</source>
        <translation>标记照片</translation>
    </message>
    <message>
        <source>Keep only this one</source>
        <translation>只保留这一张</translation>
    </message>
    <message>
        <source>Keep all of the group</source>
        <translation>保留整组</translation>
    </message>
    <message>
        <source>Show it in its folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>SEARCH</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Earlier searches</source>
        <translation>搜索历史</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>CATEGORIES</source>
        <translation>分类</translation>
    </message>
    <message>
        <source>Rename a category</source>
        <translation>重命名分类</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Delete</translation>
    </message>
    <message>
        <source>Remove a category; your photos stay</source>
        <translation>移除分类，照片不受影响</translation>
    </message>
    <message>
        <source>FILES</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>CLIPSORTER</source>
        <translation>CLIPSORTER</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Search with the picture in the clipboard</source>
        <translation>用剪贴板中的图片搜索</translation>
    </message>
    <message>
        <source>Sort files into folders…</source>
        <translation>将文件整理到文件夹…</translation>
    </message>
    <message>
        <source>Leave me half the machine</source>
        <translation>只占用一半性能</translation>
    </message>
    <message>
        <source>History of sorted files…</source>
        <translation>整理历史…</translation>
    </message>
    <message>
        <source>Edit the chosen category…</source>
        <translation>编辑所选分类…</translation>
    </message>
    <message>
        <source>Write keywords…</source>
        <translation>写入关键词…</translation>
    </message>
    <message>
        <source>About ClipSorter</source>
        <translation>关于 ClipSorter</translation>
    </message>
    <message>
        <source>Models…</source>
        <translation>模型…</translation>
    </message>
</context>
<context>
    <name>AlbumList</name>
    <message>
        <source>Albums</source>
        <translation>相册</translation>
    </message>
    <message>
        <source>ALBUMS</source>
        <translation>相册</translation>
    </message>
</context>
<context>
    <name>AllPhotos</name>
    <message>
        <source>All hits</source>
        <translation>所有结果</translation>
    </message>
    <message>
        <source>All photos</source>
        <translation>所有照片</translation>
    </message>
    <message>
        <source>best first</source>
        <translation>最符合的在前</translation>
    </message>
    <message>
        <source>newest first</source>
        <translation>最新的在前</translation>
    </message>
    <message>
        <source>By the date they were taken; photos without a date come last.</source>
        <translation>按拍摄日期排列；没有日期的照片排在最后。</translation>
    </message>
    <message>
        <source>Back to the bins (Esc)</source>
        <translation>回到各分类（Esc）</translation>
    </message>
    <message>
        <source>Unsorted</source>
        <translation>未分类</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n 张照片</numerusform>
        </translation>
    </message>
    <message>
        <source>No photos to show.</source>
        <translation>没有可显示的照片。</translation>
    </message>
</context>
<context>
    <name>ApplyDialog</name>
    <message>
        <source>Sort files into folders</source>
        <translation>将文件整理到文件夹</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Copy: your photos stay where they are</source>
        <translation>复制：原照片留在原处</translation>
    </message>
    <message>
        <source>Move: can be taken back at any time</source>
        <translation>移动：随时可以撤销</translation>
    </message>
    <message>
        <source>Hard links: no space, same disk only</source>
        <translation>硬链接：不占空间，仅限同一磁盘</translation>
    </message>
    <message>
        <source>Symbolic links: no space, break when photos move</source>
        <translation>符号链接：不占空间，照片移动后失效</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>分类</translation>
    </message>
    <message>
        <source>Category / year</source>
        <translation>分类 / 年</translation>
    </message>
    <message>
        <source>Category / year / month</source>
        <translation>分类 / 年 / 月</translation>
    </message>
    <message>
        <source>Also link each photo into the folders of its other categories</source>
        <translation>同时在照片所属的其他分类文件夹中放置链接</translation>
    </message>
    <message>
        <source>Sort into</source>
        <translation>整理到</translation>
    </message>
    <message>
        <source>How</source>
        <translation>方式</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>The folders as they will be</source>
        <translation>整理后的文件夹</translation>
    </message>
    <message>
        <source>Making the plan</source>
        <translation>正在制定计划</translation>
    </message>
    <message>
        <source>Show the folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Sort</source>
        <translation>整理</translation>
    </message>
    <message>
        <source>Undated</source>
        <translation>无日期</translation>
    </message>
    <message>
        <source>Choose where the folders go</source>
        <translation>选择文件夹的存放位置</translation>
    </message>
    <message>
        <source>Choose a folder to sort into.</source>
        <translation>请选择要整理到的文件夹。</translation>
    </message>
    <message numerus="yes">
        <source>Copy %Ln photo(s)</source>
        <translation>
            <numerusform>复制 %Ln 张照片</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %Ln photo(s)</source>
        <translation>
            <numerusform>移动 %Ln 张照片</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Link %Ln photo(s)</source>
        <translation>
            <numerusform>链接 %Ln 张照片</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing is touched until you press the button below. Clear a box to leave something out.</source>
        <translation>按下下方按钮之前不会改动任何文件。取消勾选即可略过某项。</translation>
    </message>
    <message>
        <source>Only photos that match the search “{}” are sorted.</source>
        <translation>仅整理符合搜索“{}”的照片。</translation>
    </message>
    <message>
        <source>Making the plan…</source>
        <translation>正在制定计划…</translation>
    </message>
    <message>
        <source>There is nothing to sort: the photos are in no category, or in their folders already.</source>
        <translation>没有可整理的照片：它们不属于任何分类，或已在相应的文件夹中。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s)</source>
        <translation>
            <numerusform>%Ln 张照片</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln folder(s)</source>
        <translation>
            <numerusform>%Ln 个文件夹</numerusform>
        </translation>
    </message>
    <message>
        <source>{} in {}</source>
        <translation>{}，{}</translation>
    </message>
    <message>
        <source>{} needed, {} free</source>
        <translation>需要 {}，可用 {}</translation>
    </message>
    <message>
        <source>no further space needed, {} free</source>
        <translation>无需额外空间，可用 {}</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>BinColumn</name>
    <message>
        <source>Confirm the photos in view</source>
        <translation>确认当前可见的照片</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Unsorted</source>
        <translation>未分类</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n 张照片</numerusform>
        </translation>
    </message>
    <message>
        <source>Menu of this bin</source>
        <translation>此分类的菜单</translation>
    </message>
    <message>
        <source>Nothing in this bin matches the search.</source>
        <translation>此分类中没有符合搜索的照片。</translation>
    </message>
    <message>
        <source>None of the photos shown now is in this bin.</source>
        <translation>当前显示的照片都不在此分类中。</translation>
    </message>
    <message>
        <source>Every photo has found a bin.</source>
        <translation>所有照片都已归类。</translation>
    </message>
    <message>
        <source>No photo fits yet.
Drop some here to show what you mean.</source>
        <translation>还没有合适的照片。
拖几张到这里作为示例。</translation>
    </message>
</context>
<context>
    <name>BinModel</name>
    <message>
        <source>Unsorted</source>
        <translation>未分类</translation>
    </message>
    <message>
        <source>put here by you</source>
        <translation>由你放入</translation>
    </message>
    <message>
        <source>You put it here</source>
        <translation>由你放到这里</translation>
    </message>
    <message>
        <source>{percent} sure of the closest category, not enough for its bin</source>
        <translation>对最接近的分类有 {percent} 的把握，还不足以归入</translation>
    </message>
    <message>
        <source>{percent} sure of this bin</source>
        <translation>有 {percent} 的把握属于这里</translation>
    </message>
    <message>
        <source>Similarity {}</source>
        <translation>相似度 {}</translation>
    </message>
</context>
<context>
    <name>BoardView</name>
    <message>
        <source>Show only this bin</source>
        <translation>只显示此分类</translation>
    </message>
    <message>
        <source>Show all bins side by side</source>
        <translation>并排显示所有分类</translation>
    </message>
</context>
<context>
    <name>BugDialog</name>
    <message>
        <source>Something unexpected went wrong</source>
        <translation>发生了意外错误</translation>
    </message>
    <message>
        <source>Your photos are safe. This text says where in the program it happened; it names no photo and no folder. Please add it when you report this.</source>
        <translation>你的照片是安全的。这段文字说明问题出在程序的哪个位置，不包含任何照片或文件夹的名称。反馈问题时请附上它。</translation>
    </message>
    <message>
        <source>Technical details</source>
        <translation>技术细节</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Save with log…</source>
        <translation>连同日志保存…</translation>
    </message>
    <message>
        <source>Saved as {name}.</source>
        <translation>已保存为 {name}。</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>已复制。</translation>
    </message>
    <message>
        <source>Archive (*.zip)</source>
        <translation>压缩包 (*.zip)</translation>
    </message>
</context>
<context>
    <name>CategoryCompleter</name>
    <message>
        <source>Suggested categories</source>
        <translation>建议的分类</translation>
    </message>
</context>
<context>
    <name>CategoryConductor</name>
    <message>
        <source>Edit the category…</source>
        <translation>编辑分类…</translation>
    </message>
    <message>
        <source>Rename the category</source>
        <translation>重命名分类</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Colour {}</source>
        <translation>颜色 {}</translation>
    </message>
    <message>
        <source>Remove the category</source>
        <translation>移除分类</translation>
    </message>
</context>
<context>
    <name>CategoryEditor</name>
    <message>
        <source>Category “{}”</source>
        <translation>分类“{}”</translation>
    </message>
    <message>
        <source>puppy
our dog Rex</source>
        <translation>小狗
我家的狗雷克斯</translation>
    </message>
    <message>
        <source>a dog breed</source>
        <translation>一种犬</translation>
    </message>
    <message>
        <source>boxing match</source>
        <translation>拳击比赛</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Only for this category</source>
        <translation>仅用于此分类</translation>
    </message>
    <message>
        <source>Sort everything</source>
        <translation>全部归类</translation>
    </message>
    <message>
        <source>Only sure matches</source>
        <translation>只要有把握的</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Also called</source>
        <translation>也叫</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>是什么</translation>
    </message>
    <message>
        <source>But not</source>
        <translation>但不包括</translation>
    </message>
    <message>
        <source>Belongs to</source>
        <translation>属于</translation>
    </message>
    <message>
        <source>Strictness</source>
        <translation>严格程度</translation>
    </message>
    <message>
        <source>One phrase per line. “Also called” widens the category; “But not” keeps photos out of it.</source>
        <translation>每行一个短语。“也叫”会扩大分类范围，“但不包括”会把照片排除在外。</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
</context>
<context>
    <name>CategoryEntry</name>
    <message>
        <source>Add a category…</source>
        <translation>添加分类…</translation>
    </message>
    <message>
        <source>Add a category</source>
        <translation>添加分类</translation>
    </message>
    <message>
        <source>Type one or several, separated by commas, and press Enter</source>
        <translation>输入一个或多个分类，用逗号或顿号分隔，按回车添加</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
</context>
<context>
    <name>CategoryList</name>
    <message>
        <source>Categories</source>
        <translation>分类</translation>
    </message>
    <message>
        <source>Key {}: send the selected photos here</source>
        <translation>按 {} 键：把选中的照片放到这里</translation>
    </message>
</context>
<context>
    <name>Chip</name>
    <message>
        <source>Enter to edit, Backspace to remove</source>
        <translation>按回车编辑，按退格键移除</translation>
    </message>
</context>
<context>
    <name>ColourRow</name>
    <message>
        <source>Colour {}</source>
        <translation>颜色 {}</translation>
    </message>
    <message>
        <source>Another colour…</source>
        <translation>其他颜色…</translation>
    </message>
</context>
<context>
    <name>Conductor</name>
    <message>
        <source>Photos that need review</source>
        <translation>需要你确认的照片</translation>
    </message>
    <message>
        <source>Photos confirmed by you</source>
        <translation>你已确认的照片</translation>
    </message>
    <message>
        <source>Show in file manager</source>
        <translation>在文件管理器中显示</translation>
    </message>
    <message>
        <source>Find more like this</source>
        <translation>查找相似照片</translation>
    </message>
    <message>
        <source>Find more like these</source>
        <translation>查找与这些相似的照片</translation>
    </message>
</context>
<context>
    <name>DesktopSigns</name>
    <message numerus="yes">
        <source>%Ln photo(s) looked at.</source>
        <translation>
            <numerusform>已分析 %Ln 张照片。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DetailWords</name>
    <message>
        <source>There is no folder {}.</source>
        <translation>文件夹 {} 不存在。</translation>
    </message>
    <message>
        <source>{} is a file; choose the folder it is in.</source>
        <translation>{} 是文件；请选择它所在的文件夹。</translation>
    </message>
    <message>
        <source>You have no permission to look into {}.</source>
        <translation>你没有查看 {} 的权限。</translation>
    </message>
    <message>
        <source>The folder {} cannot be opened.</source>
        <translation>无法打开文件夹 {}。</translation>
    </message>
    <message>
        <source>The processes that read photos cannot be started; is the memory full?</source>
        <translation>无法启动读取照片的进程；内存是否已满？</translation>
    </message>
    <message>
        <source>A category needs a name; please type one.</source>
        <translation>分类需要一个名称；请输入。</translation>
    </message>
    <message>
        <source>A category&apos;s name holds half a character; please type it again.</source>
        <translation>分类名称中含有不完整的字符；请重新输入。</translation>
    </message>
    <message>
        <source>Two categories are called “{}”; please rename one of them.</source>
        <translation>有两个分类都叫“{}”；请重命名其中一个。</translation>
    </message>
    <message>
        <source>{} categories are too many; {} is the limit.</source>
        <translation>{} 个分类太多了；最多 {} 个。</translation>
    </message>
    <message>
        <source>The category name “{}…” is too long.</source>
        <translation>分类名称“{}…”太长。</translation>
    </message>
    <message>
        <source>“{}” is where photos go that belong nowhere; choose another name.</source>
        <translation>“{}”用来放不属于任何分类的照片；请换个名称。</translation>
    </message>
    <message>
        <source>The category “{}” stands twice in the list.</source>
        <translation>分类“{}”在列表中出现了两次。</translation>
    </message>
    <message>
        <source>The category “{}” cannot stand below itself.</source>
        <translation>分类“{}”不能放在它自己下面。</translation>
    </message>
    <message>
        <source>A category has no name.</source>
        <translation>有一个分类没有名称。</translation>
    </message>
    <message>
        <source>The list of categories is empty; name at least one, for example: dog, beach, receipts.</source>
        <translation>分类列表是空的；请至少写一个，例如：狗、海滩、收据。</translation>
    </message>
    <message>
        <source>There is no set of categories called “{}”.</source>
        <translation>没有名为“{}”的分类列表。</translation>
    </message>
    <message>
        <source>There is no set of categories called “{}”; there are {}.</source>
        <translation>没有名为“{}”的分类列表；现有 {}。</translation>
    </message>
    <message>
        <source>{} sets of categories are kept already; please remove one first.</source>
        <translation>已经保存了 {} 个分类列表；请先删除一个。</translation>
    </message>
    <message>
        <source>There is a set of categories called “{}” already; please choose another name.</source>
        <translation>已有名为“{}”的分类列表；请换个名称。</translation>
    </message>
    <message>
        <source>The category file {} cannot be read: {}.</source>
        <translation>无法读取分类文件 {}：{}。</translation>
    </message>
    <message>
        <source>The category file {}: {}</source>
        <translation>分类文件 {} 有误：{}</translation>
    </message>
    <message>
        <source>{} is too large for a list of categories.</source>
        <translation>{} 太大，不是分类列表。</translation>
    </message>
    <message>
        <source>“{}” is a file, not a folder; please choose another data folder or move that file.</source>
        <translation>“{}”是文件而不是文件夹；请选择其他数据文件夹，或移走该文件。</translation>
    </message>
    <message>
        <source>“{}” is a link that leads nowhere; connect its disk or choose another data folder.</source>
        <translation>“{}”是一个失效的链接；请连接它所在的磁盘，或选择其他数据文件夹。</translation>
    </message>
    <message>
        <source>“{}” is a link; please put what it leads to in its place, or remove it.</source>
        <translation>“{}”是一个链接；请用它指向的内容替换它，或将其删除。</translation>
    </message>
    <message>
        <source>ClipSorter cannot write to its data folder “{}” ({}); please check its permissions or choose another one.</source>
        <translation>ClipSorter 无法写入数据文件夹“{}”（{}）；请检查权限或选择其他文件夹。</translation>
    </message>
    <message>
        <source>ClipSorter is already running with this data folder; please use its window or close it first.</source>
        <translation>已有 ClipSorter 在使用这个数据文件夹；请使用它的窗口，或先将其关闭。</translation>
    </message>
    <message>
        <source>ClipSorter is already running but does not answer; please close it and try again.</source>
        <translation>ClipSorter 已在运行但没有响应；请将其关闭后重试。</translation>
    </message>
    <message>
        <source>The disk of “{}” cannot lock files; please choose a data folder on another disk.</source>
        <translation>“{}”所在的磁盘无法锁定文件；请选择另一个磁盘上的数据文件夹。</translation>
    </message>
    <message>
        <source>The disk that holds “{}” is full; please free some space and try again.</source>
        <translation>“{}”所在的磁盘已满；请腾出空间后重试。</translation>
    </message>
    <message>
        <source>“{}” is read-only; please check the permissions of ClipSorter&apos;s data folder.</source>
        <translation>“{}”是只读的；请检查 ClipSorter 数据文件夹的权限。</translation>
    </message>
    <message>
        <source>“{}” may not be opened; please check the permissions of ClipSorter&apos;s data folder.</source>
        <translation>不允许打开“{}”；请检查 ClipSorter 数据文件夹的权限。</translation>
    </message>
    <message>
        <source>“{}” cannot be opened; please check ClipSorter&apos;s data folder.</source>
        <translation>无法打开“{}”；请检查 ClipSorter 的数据文件夹。</translation>
    </message>
    <message>
        <source>The disk that holds “{}” reports an error; please check the disk.</source>
        <translation>“{}”所在的磁盘报告错误；请检查磁盘。</translation>
    </message>
    <message>
        <source>The disk that holds “{}” cannot hold files this large; please move the data folder.</source>
        <translation>“{}”所在的磁盘不支持这么大的文件；请移动数据文件夹。</translation>
    </message>
    <message>
        <source>“{}” was moved, removed or replaced while ClipSorter was running, so nothing more can be kept in it; please put it back and start ClipSorter again.</source>
        <translation>“{}”在 ClipSorter 运行时被移动、删除或替换，因此无法再向其中保存任何内容；请将它放回原处并重新启动 ClipSorter。</translation>
    </message>
    <message>
        <source>The copies of “{}” cannot be listed ({}); please check the disk.</source>
        <translation>无法列出“{}”的副本（{}）；请检查磁盘。</translation>
    </message>
    <message>
        <source>“{}” is damaged or was not written by ClipSorter.</source>
        <translation>“{}”已损坏，或不是由 ClipSorter 写入的。</translation>
    </message>
    <message>
        <source>“{}” stands where ClipSorter keeps a file of its own; please move it away.</source>
        <translation>“{}”占用了 ClipSorter 存放自身文件的位置；请将它移走。</translation>
    </message>
    <message>
        <source>“{}” was damaged and has been put aside; look at the folder again: everything in it is computed anew.</source>
        <translation>“{}”已损坏并移到一旁；请再次查看该文件夹：其中的内容会重新计算。</translation>
    </message>
    <message>
        <source>“{}” is damaged or was not written by ClipSorter, and there is no copy; please move it away.</source>
        <translation>“{}”已损坏，或不是由 ClipSorter 写入的，而且没有副本；请将其移走。</translation>
    </message>
    <message>
        <source>“{}” is damaged or was not written by ClipSorter; the copy “{}” can be restored: clipsorter recover --library</source>
        <translation>“{}”已损坏，或不是由 ClipSorter 写入的；可以恢复副本“{}”：clipsorter recover --library</translation>
    </message>
    <message>
        <source>“{}” was written by a newer ClipSorter; please update ClipSorter to use it.</source>
        <translation>“{}”由更高版本的 ClipSorter 写入；请更新 ClipSorter。</translation>
    </message>
    <message>
        <source>Another program is using “{}”; please close it and try again.</source>
        <translation>另一个程序正在使用“{}”；请将其关闭后重试。</translation>
    </message>
    <message>
        <source>“{}” is damaged and cannot be moved aside ({}); please delete it.</source>
        <translation>“{}”已损坏且无法移开（{}）；请将其删除。</translation>
    </message>
    <message>
        <source>The settings cannot be saved to “{}” ({}).</source>
        <translation>无法将设置保存到“{}”（{}）。</translation>
    </message>
    <message>
        <source>There is no readable copy of “{}” to go back to.</source>
        <translation>“{}”没有可以恢复的副本。</translation>
    </message>
    <message>
        <source>No copy of “{}” could be kept ({}); please check the disk.</source>
        <translation>无法保存“{}”的副本（{}）；请检查磁盘。</translation>
    </message>
    <message>
        <source>“{}” could not be restored ({}); nothing was lost.</source>
        <translation>“{}”未能恢复（{}）；没有丢失任何内容。</translation>
    </message>
    <message>
        <source>“{}” is not damaged; nothing was done.</source>
        <translation>“{}”没有损坏；未作任何改动。</translation>
    </message>
    <message>
        <source>{} is not a photo of this folder.</source>
        <translation>{} 不是此文件夹中的照片。</translation>
    </message>
    <message>
        <source>“{}” exists already; please choose another name for the report.</source>
        <translation>“{}”已存在；请为报告换个名称。</translation>
    </message>
    <message>
        <source>The report cannot be written to “{}”: {}.</source>
        <translation>无法将报告写入“{}”：{}。</translation>
    </message>
    <message>
        <source>The model could not be loaded: its process {}, perhaps for lack of memory.</source>
        <translation>无法加载模型：它的进程已中止（{}），可能是内存不足。</translation>
    </message>
    <message>
        <source>The model&apos;s process {} while working on the same photos.</source>
        <translation>模型的进程在处理同一批照片时再次中止（{}）。</translation>
    </message>
    <message>
        <source>ended twice</source>
        <translation>两次中止</translation>
    </message>
    <message>
        <source>did not answer for {} seconds, twice,</source>
        <translation>两次在 {} 秒内没有回答</translation>
    </message>
    <message>
        <source>The encoder was closed before it could answer.</source>
        <translation>模型在给出回答之前已关闭。</translation>
    </message>
    <message>
        <source>There is not enough memory for this model; close other programs or choose a smaller one.</source>
        <translation>内存不足以运行这个模型；请关闭其他程序，或选择较小的模型。</translation>
    </message>
    <message>
        <source>The graphics card has stopped answering.</source>
        <translation>显卡已停止响应。</translation>
    </message>
    <message>
        <source>The model gave no usable answer; its files may be damaged.</source>
        <translation>模型没有给出可用的结果；它的文件可能已损坏。</translation>
    </message>
    <message>
        <source>{} is not on this machine, and nothing is downloaded unless you ask: clipsorter models download {}.</source>
        <translation>{} 不在这台电脑上；没有你的要求不会下载任何内容：clipsorter models download {}</translation>
    </message>
    <message>
        <source>{} is not on this machine.</source>
        <translation>{} 不在这台电脑上。</translation>
    </message>
    <message>
        <source>&quot;{}&quot; is not among the downloaded models.</source>
        <translation>“{}”不在已下载的模型中。</translation>
    </message>
    <message>
        <source>&quot;{}&quot; of {} is missing; remove the model and download it again.</source>
        <translation>“{}”缺失（{}）；请移除该模型并重新下载。</translation>
    </message>
    <message>
        <source>The manifest of &quot;{}&quot; is damaged; remove the model and add it again.</source>
        <translation>“{}”的清单已损坏；请移除该模型并重新添加。</translation>
    </message>
    <message>
        <source>&quot;{}&quot; was added by another version of ClipSorter; add it again.</source>
        <translation>“{}”由其他版本的 ClipSorter 添加；请重新添加。</translation>
    </message>
    <message>
        <source>&quot;{}&quot; cannot be deleted ({}).</source>
        <translation>无法删除“{}”（{}）。</translation>
    </message>
    <message>
        <source>The starter model lacks &quot;{}&quot;; reinstall ClipSorter.</source>
        <translation>入门模型缺少“{}”；请重新安装 ClipSorter。</translation>
    </message>
    <message>
        <source>&quot;{}&quot; of the starter model is damaged or was changed; reinstall ClipSorter.</source>
        <translation>入门模型的“{}”已损坏或被改动；请重新安装 ClipSorter。</translation>
    </message>
    <message>
        <source>There is nothing at &quot;{}&quot;.</source>
        <translation>“{}”处没有任何内容。</translation>
    </message>
    <message>
        <source>&quot;{}&quot; holds no .safetensors file.</source>
        <translation>“{}”中没有 .safetensors 文件。</translation>
    </message>
    <message>
        <source>&quot;{}&quot; is not a model folder: it has no {} and no config.json.</source>
        <translation>“{}”不是模型文件夹：其中没有 {}，也没有 config.json。</translation>
    </message>
    <message>
        <source>&quot;{}&quot; is not read, because such files can run programs when they are opened; use the .safetensors version of the model.</source>
        <translation>不会读取“{}”，因为这类文件打开时可能运行程序；请使用该模型的 .safetensors 版本。</translation>
    </message>
    <message>
        <source>&quot;{}&quot; is damaged: {}.</source>
        <translation>“{}”已损坏：{}。</translation>
    </message>
    <message>
        <source>A model called &quot;{}&quot; is here already; remove it or choose another name.</source>
        <translation>已有名为“{}”的模型；请将其移除或换个名称。</translation>
    </message>
    <message>
        <source>The model cannot be copied to &quot;{}&quot; ({}).</source>
        <translation>无法将模型复制到“{}”（{}）。</translation>
    </message>
    <message>
        <source>&quot;{}&quot; cannot be written ({}).</source>
        <translation>无法写入“{}”（{}）。</translation>
    </message>
    <message>
        <source>The download stopped: {}. What is here is kept; start it again later or use a mirror.</source>
        <translation>下载已停止：{}。已下载的部分会保留；请稍后重新开始，或使用镜像。</translation>
    </message>
    <message>
        <source>The download stopped: {}. What is here is kept; try again later or use a mirror.</source>
        <translation>下载已停止：{}。已下载的部分会保留；请稍后再试，或使用镜像。</translation>
    </message>
    <message>
        <source>{} cannot be found, perhaps because this computer is not connected to the internet</source>
        <translation>找不到 {}，这台电脑可能没有连接互联网</translation>
    </message>
    <message>
        <source>{} does not answer</source>
        <translation>{} 没有应答</translation>
    </message>
    <message>
        <source>{} refuses the connection</source>
        <translation>{} 拒绝连接</translation>
    </message>
    <message>
        <source>the connection was cut</source>
        <translation>连接中断</translation>
    </message>
    <message>
        <source>{} cannot be reached ({})</source>
        <translation>无法连接 {}（{}）</translation>
    </message>
    <message>
        <source>{} gives an answer that cannot be understood</source>
        <translation>{} 的应答无法理解</translation>
    </message>
    <message>
        <source>the proxy &quot;{}&quot;</source>
        <translation>代理“{}”</translation>
    </message>
    <message>
        <source>There is not enough room on the disk: {} GB are needed and {} GB stay free, but &quot;{}&quot; has {} GB left. Free some space and start again; what is here is kept.</source>
        <translation>磁盘空间不足：需要 {} GB，另须留出 {} GB，而“{}”只剩 {} GB。请腾出空间后重新开始；已下载的部分会保留。</translation>
    </message>
    <message>
        <source>The disk is full; &quot;{}&quot; could not be written to the end. Free some space and start again; what is here is kept.</source>
        <translation>磁盘已满，“{}”未能写完。请腾出空间后重新开始；已下载的部分会保留。</translation>
    </message>
    <message>
        <source>&quot;{}&quot; answered with a web page instead of &quot;{}&quot;, perhaps the login page of this network (a hotel, a company); open it in a browser first, then start again.</source>
        <translation>“{}”返回的是网页而不是“{}”，可能是此网络（酒店、公司）的登录页面；请先用浏览器打开它，再重新开始。</translation>
    </message>
    <message>
        <source>&quot;{}&quot; cannot be downloaded: &quot;{}&quot; {}.</source>
        <translation>无法下载“{}”：“{}” {}。</translation>
    </message>
    <message>
        <source>&quot;{}&quot; is changed on its way by &quot;{}&quot;; use another mirror or proxy.</source>
        <translation>“{}”在途中被“{}”改动；请使用其他镜像或代理。</translation>
    </message>
    <message>
        <source>{} It was fetched twice and thrown away; try another mirror.</source>
        <translation>{} 已下载两次并丢弃；请换一个镜像。</translation>
    </message>
    <message>
        <source>&quot;{}&quot; is not the address of a hub; it begins with https://.</source>
        <translation>“{}”不是模型站的地址；地址以 https:// 开头。</translation>
    </message>
    <message>
        <source>&quot;{}&quot; is not encrypted, so anybody on the way could exchange the model; use an address that begins with https://.</source>
        <translation>“{}”未加密，途中任何人都可能替换模型；请使用以 https:// 开头的地址。</translation>
    </message>
    <message>
        <source>The proxy &quot;{}&quot; cannot be used; write it as http://host:port.</source>
        <translation>无法使用代理“{}”；请写成 http://主机:端口。</translation>
    </message>
    <message>
        <source>The proxy &quot;{}&quot; wants a user name and a password, or others; write it as http://user:password@host:port.</source>
        <translation>代理“{}”需要用户名和密码；请写成 http://用户:密码@主机:端口。</translation>
    </message>
    <message>
        <source>The certificate of &quot;{}&quot; is not valid: {}. If your company or mirror has one of its own, let SSL_CERT_FILE name the file with it.</source>
        <translation>“{}”的证书无效：{}。如果公司或镜像使用自己的证书，请用 SSL_CERT_FILE 指定该证书文件。</translation>
    </message>
    <message>
        <source>{} cannot be downloaded. {}</source>
        <translation>无法下载 {}。{}</translation>
    </message>
    <message>
        <source>The history “{}” cannot be written: {}.</source>
        <translation>无法写入历史记录“{}”：{}。</translation>
    </message>
    <message>
        <source>The history “{}” cannot be read: {}.</source>
        <translation>无法读取历史记录“{}”：{}。</translation>
    </message>
    <message>
        <source>The history “{}” is damaged; it is left as it is and nothing was changed.</source>
        <translation>历史记录“{}”已损坏；已原样保留，未作任何改动。</translation>
    </message>
    <message>
        <source>“{}” cannot be written out: {}.</source>
        <translation>“{}”无法写完：{}。</translation>
    </message>
    <message>
        <source>“{}” has other content than when it was looked at.</source>
        <translation>“{}”的内容与分析时不同。</translation>
    </message>
    <message>
        <source>The copy of “{}” is not what was written; the disk may be failing.</source>
        <translation>“{}”的副本与写入的内容不符；磁盘可能有故障。</translation>
    </message>
    <message>
        <source>“{}” changed while it was being copied.</source>
        <translation>“{}”在复制过程中发生了变化。</translation>
    </message>
    <message>
        <source>The copy of “{}” vanished from “{}”.</source>
        <translation>“{}”的副本从“{}”中消失了。</translation>
    </message>
    <message>
        <source>Writing keywords into the photos themselves needs ExifTool, which is not installed. Install it (https://exiftool.org, package libimage-exiftool-perl), or let ClipSorter write sidecars only.</source>
        <translation>将关键词写入照片本身需要 ExifTool，但尚未安装。请安装它（https://exiftool.org，软件包 libimage-exiftool-perl），或让 ClipSorter 只写入附属文件。</translation>
    </message>
    <message>
        <source>“{}” has the name of a photo or of a file beside one; choose another name.</source>
        <translation>“{}”与照片或其附属文件同名；请换个名称。</translation>
    </message>
    <message>
        <source>“{}” is a folder; name a file in it.</source>
        <translation>“{}”是文件夹；请指定其中的一个文件。</translation>
    </message>
    <message>
        <source>“{}” is not an ordinary file; choose another name.</source>
        <translation>“{}”不是普通文件；请换个名称。</translation>
    </message>
    <message>
        <source>“{}” cannot be written: {}.</source>
        <translation>无法写入“{}”：{}。</translation>
    </message>
    <message>
        <source>“{}” is a link that leads to itself; choose another name.</source>
        <translation>“{}”是指向自身的链接；请换个名称。</translation>
    </message>
    <message>
        <source>“{}” exists and is not a report; choose another name.</source>
        <translation>“{}”已存在，且不是报告；请换个名称。</translation>
    </message>
    <message>
        <source>The folder of “{}” does not exist; create it or choose another.</source>
        <translation>“{}”所在的文件夹不存在；请新建或选择其他文件夹。</translation>
    </message>
    <message>
        <source>The category “{}” is its own parent; change its place in the list.</source>
        <translation>分类“{}”是它自己的上级；请在列表中调整位置。</translation>
    </message>
    <message>
        <source>The folder “{}” cannot be read: {}.</source>
        <translation>无法读取文件夹“{}”：{}。</translation>
    </message>
    <message>
        <source>“{}” is not a folder.</source>
        <translation>“{}”不是文件夹。</translation>
    </message>
    <message>
        <source>“{}” or “{}” cannot be used as a folder.</source>
        <translation>“{}”或“{}”不能用作文件夹。</translation>
    </message>
    <message>
        <source>The folder “{}” cannot be made: {}.</source>
        <translation>无法新建文件夹“{}”：{}。</translation>
    </message>
    <message>
        <source>The record of written tags “{}” cannot be written: {}.</source>
        <translation>无法写入关键词记录“{}”：{}。</translation>
    </message>
    <message>
        <source>The record of written tags “{}” is damaged; it is left as it is.</source>
        <translation>关键词记录“{}”已损坏；已原样保留。</translation>
    </message>
    <message>
        <source>There is no run “{}” in the history.</source>
        <translation>历史记录中没有“{}”这次整理。</translation>
    </message>
</context>
<context>
    <name>DuplicatesPage</name>
    <message>
        <source>← → choose a photo, Space marks it, K keeps only this one, A keeps all of a group, Enter shows it large. Nothing is deleted: marked photos go to a bin.</source>
        <translation>← → 选择照片，空格键标记，K 只保留这一张，A 保留整组，回车放大查看。不会删除任何照片：标记的照片会移到一个分类。</translation>
    </message>
    <message>
        <source>Bin for the marked photos</source>
        <translation>存放标记照片的分类</translation>
    </message>
    <message>
        <source>Show all photos</source>
        <translation>显示所有照片</translation>
    </message>
    <message numerus="yes">
        <source>%Ln group(s) of duplicates</source>
        <translation>
            <numerusform>%Ln 组重复照片</numerusform>
        </translation>
    </message>
    <message>
        <source>Duplicates</source>
        <translation>重复照片</translation>
    </message>
    <message numerus="yes">
        <source>Move %Ln marked photo(s)</source>
        <translation>
            <numerusform>移动 %Ln 张标记的照片</numerusform>
        </translation>
    </message>
    <message>
        <source>No photo is there more than once.</source>
        <translation>没有重复的照片。</translation>
    </message>
    <message>
        <source>Looking for duplicates…</source>
        <translation>正在查找重复的照片…</translation>
    </message>
</context>
<context>
    <name>ErrorWords</name>
    <message>
        <source>This folder cannot be used.</source>
        <translation>无法使用此文件夹。</translation>
    </message>
    <message>
        <source>Choose another one, or check that its disk is connected.</source>
        <translation>请选择其他文件夹，或检查磁盘是否已连接。</translation>
    </message>
    <message>
        <source>The model does not know these words.</source>
        <translation>模型不认识这些词。</translation>
    </message>
    <message>
        <source>Name the category differently, or drag photos into it.</source>
        <translation>请换个说法命名分类，或把照片拖进去。</translation>
    </message>
    <message>
        <source>The categories cannot be used like this.</source>
        <translation>这样的分类无法使用。</translation>
    </message>
    <message>
        <source>Change the names and try again.</source>
        <translation>请修改名称后重试。</translation>
    </message>
    <message>
        <source>This search cannot be understood.</source>
        <translation>无法理解这个搜索。</translation>
    </message>
    <message>
        <source>Try it in simpler words.</source>
        <translation>请换用更简单的词语。</translation>
    </message>
    <message>
        <source>A photo cannot be read.</source>
        <translation>有照片无法读取。</translation>
    </message>
    <message>
        <source>The other photos are not affected.</source>
        <translation>其他照片不受影响。</translation>
    </message>
    <message>
        <source>This model is not on your computer.</source>
        <translation>电脑上没有这个模型。</translation>
    </message>
    <message>
        <source>Start ClipSorter without naming a model to use the built-in one.</source>
        <translation>启动 ClipSorter 时不指定模型即可使用内置模型。</translation>
    </message>
    <message>
        <source>The model&apos;s files are missing or damaged.</source>
        <translation>模型文件缺失或已损坏。</translation>
    </message>
    <message>
        <source>Install ClipSorter again to repair them.</source>
        <translation>重新安装 ClipSorter 即可修复。</translation>
    </message>
    <message>
        <source>This installation has only the starter model.</source>
        <translation>此安装只含入门模型。</translation>
    </message>
    <message>
        <source>Other models and graphics cards need PyTorch, which it leaves out. Install ClipSorter with pip to use them; your library stays as it is.</source>
        <translation>其他模型和显卡需要 PyTorch，此安装未包含。要使用它们，请用 pip 安装 ClipSorter；您的资料库保持原样。</translation>
    </message>
    <message>
        <source>The graphics card has stopped answering.</source>
        <translation>显卡已停止响应。</translation>
    </message>
    <message>
        <source>What is done is kept. Look at the folder again; if this comes back, let the processor do the work (Settings).</source>
        <translation>已完成的部分会保留。请重新查看该文件夹；如果再次出现，请在设置中改用处理器。</translation>
    </message>
    <message>
        <source>Looking at photos stopped unexpectedly.</source>
        <translation>分析照片时意外中断。</translation>
    </message>
    <message>
        <source>What is done is kept. Close other programs and look at the folder again.</source>
        <translation>已完成的部分会保留。请关闭其他程序，然后重新分析此文件夹。</translation>
    </message>
    <message>
        <source>The model cannot be used.</source>
        <translation>无法使用该模型。</translation>
    </message>
    <message>
        <source>Choose another model.</source>
        <translation>请选择其他模型。</translation>
    </message>
    <message>
        <source>ClipSorter is already running.</source>
        <translation>ClipSorter 已在运行。</translation>
    </message>
    <message>
        <source>Use the window that is open, or close it and start again.</source>
        <translation>请使用已打开的窗口，或将其关闭后重新启动。</translation>
    </message>
    <message>
        <source>Your data was written by a newer ClipSorter.</source>
        <translation>数据由更高版本的 ClipSorter 写入。</translation>
    </message>
    <message>
        <source>Update ClipSorter; nothing was changed.</source>
        <translation>请更新 ClipSorter；数据未作任何更改。</translation>
    </message>
    <message>
        <source>What ClipSorter remembers of your photos was damaged.</source>
        <translation>ClipSorter 记录的照片信息已损坏。</translation>
    </message>
    <message>
        <source>Everything in it is computed anew. Your photos and decisions are not affected.</source>
        <translation>其中的内容会重新计算。您的照片和决定不受影响。</translation>
    </message>
    <message>
        <source>ClipSorter&apos;s data file is damaged.</source>
        <translation>ClipSorter 的数据文件已损坏。</translation>
    </message>
    <message>
        <source>Your photos are not affected.</source>
        <translation>你的照片不受影响。</translation>
    </message>
    <message>
        <source>ClipSorter&apos;s data folder cannot be used.</source>
        <translation>无法使用 ClipSorter 的数据文件夹。</translation>
    </message>
    <message>
        <source>Check free space and permissions. Your photos are not affected.</source>
        <translation>请检查剩余空间和权限。你的照片不受影响。</translation>
    </message>
    <message>
        <source>Sorting files stopped.</source>
        <translation>整理文件已停止。</translation>
    </message>
    <message>
        <source>Nothing was overwritten and nothing was lost.</source>
        <translation>没有文件被覆盖，也没有丢失任何内容。</translation>
    </message>
    <message>
        <source>What the cluster wrote cannot be used.</source>
        <translation>无法使用集群写入的结果。</translation>
    </message>
    <message>
        <source>Write it again, or import it with the model that wrote it.</source>
        <translation>请重新写入，或用写入时的模型导入。</translation>
    </message>
    <message>
        <source>There is not enough memory.</source>
        <translation>内存不足。</translation>
    </message>
    <message>
        <source>What is done is kept. Close other programs and try again.</source>
        <translation>已完成的内容会保留。请关闭其他程序后重试。</translation>
    </message>
    <message>
        <source>This did not work.</source>
        <translation>操作未成功。</translation>
    </message>
    <message>
        <source>Try it again.</source>
        <translation>请重试。</translation>
    </message>
    <message>
        <source>Something unexpected went wrong.</source>
        <translation>出现了意外问题。</translation>
    </message>
    <message>
        <source>Your photos are safe. If it happens again, please report it with the log.</source>
        <translation>你的照片是安全的。如果再次出现，请附上日志反馈给我们。</translation>
    </message>
    <message>
        <source>The model could not be downloaded.</source>
        <translation>模型没有下载成功。</translation>
    </message>
    <message>
        <source>What came so far is kept; the next try goes on from there.</source>
        <translation>已下载的部分会保留，下次从那里继续。</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Writing “{}”…</source>
        <translation>正在写入“{}”…</translation>
    </message>
</context>
<context>
    <name>ExportedStrip</name>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>隐藏</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) written to “{}”.</source>
        <translation>
            <numerusform>已将 %Ln 张照片写入“{}”。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FactsPanel</name>
    <message>
        <source>TAGS</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>拍摄时间</translation>
    </message>
    <message>
        <source>d MMM yyyy, HH:mm</source>
        <comment>a day and a time</comment>
        <translation>yyyy年M月d日 HH:mm</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Lens</source>
        <translation>镜头</translation>
    </message>
    <message>
        <source>{} s</source>
        <comment>seconds</comment>
        <translation>{} 秒</translation>
    </message>
    <message>
        <source>Exposure</source>
        <translation>曝光</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>{}° N</source>
        <translation>北纬 {}°</translation>
    </message>
    <message>
        <source>{}° S</source>
        <translation>南纬 {}°</translation>
    </message>
    <message>
        <source>{}° E</source>
        <translation>东经 {}°</translation>
    </message>
    <message>
        <source>{}° W</source>
        <translation>西经 {}°</translation>
    </message>
</context>
<context>
    <name>FailuresDialog</name>
    <message>
        <source>Could not be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>These files were left out. Nothing was changed; double-click one to find it.</source>
        <translation>这些文件已跳过，未作任何更改；双击可找到该文件。</translation>
    </message>
    <message numerus="yes">
        <source>{} and %Ln more file(s)</source>
        <translation>
            <numerusform>{} 和另外 %Ln 个文件</numerusform>
        </translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
</context>
<context>
    <name>FilingRun</name>
    <message>
        <source>Moving photos…</source>
        <translation>正在移动照片…</translation>
    </message>
    <message>
        <source>Copying photos…</source>
        <translation>正在复制照片…</translation>
    </message>
    <message>
        <source>Linking photos…</source>
        <translation>正在链接照片…</translation>
    </message>
    <message>
        <source>Bringing photos back…</source>
        <translation>正在将照片放回原处…</translation>
    </message>
    <message>
        <source>Removing the copies…</source>
        <translation>正在移除副本…</translation>
    </message>
    <message>
        <source>Removing the links…</source>
        <translation>正在移除链接…</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) stayed where they were; the list says why.</source>
        <translation>
            <numerusform>%Ln 张照片留在原处，原因见列表。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) were left alone; the list says why.</source>
        <translation>
            <numerusform>%Ln 张照片未作改动，原因见列表。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) were not begun.</source>
        <translation>
            <numerusform>%Ln 张照片尚未处理。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln copy(ies) were removed; your photos stayed where they were.</source>
        <translation>
            <numerusform>已移除 %Ln 个副本；你的照片仍在原处。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln link(s) were removed; your photos stayed where they were.</source>
        <translation>
            <numerusform>已移除 %Ln 个链接；你的照片仍在原处。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) are back where they were.</source>
        <translation>
            <numerusform>%Ln 张照片已回到原处。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) were moved to “{}”.</source>
        <translation>
            <numerusform>%Ln 张照片已移动到“{}”。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) were copied to “{}”.</source>
        <translation>
            <numerusform>%Ln 张照片已复制到“{}”。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) were linked into “{}”.</source>
        <translation>
            <numerusform>%Ln 张照片已链接到“{}”。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FilingSheets</name>
    <message>
        <source>{} sorted</source>
        <translation>{} 已整理</translation>
    </message>
    <message>
        <source>Export a contact sheet</source>
        <translation>导出缩略图页</translation>
    </message>
    <message>
        <source>Export a table</source>
        <translation>导出表格</translation>
    </message>
    <message>
        <source>Web pages (*.html)</source>
        <translation>网页 (*.html)</translation>
    </message>
    <message>
        <source>Tables (*.csv);;Data for programs (*.json)</source>
        <translation>表格 (*.csv);;供程序使用的数据 (*.json)</translation>
    </message>
    <message>
        <source>Unsorted</source>
        <translation>未分类</translation>
    </message>
</context>
<context>
    <name>FilingWords</name>
    <message>
        <source>your decision</source>
        <translation>你的决定</translation>
    </message>
    <message>
        <source>{} sure</source>
        <translation>把握 {}</translation>
    </message>
    <message>
        <source>similarity {}</source>
        <translation>相似度 {}</translation>
    </message>
    <message>
        <source>“{}” is no longer there.</source>
        <translation>“{}”已不存在。</translation>
    </message>
    <message>
        <source>“{}” has changed since the plan was made.</source>
        <translation>“{}”在制定计划后发生了变化。</translation>
    </message>
    <message>
        <source>“{}” has changed since it was looked at; index the folder again.</source>
        <translation>“{}”在分析之后发生了变化；请重新分析该文件夹。</translation>
    </message>
    <message>
        <source>“{}” is a link or something else that is not a file.</source>
        <translation>“{}”是链接或其他非文件项。</translation>
    </message>
    <message>
        <source>“{}” has no name of a photo; give it the right suffix first.</source>
        <translation>“{}”不是照片的文件名；请先改为正确的后缀。</translation>
    </message>
    <message>
        <source>“{}” is not in the folder that is being sorted.</source>
        <translation>“{}”不在正在整理的文件夹中。</translation>
    </message>
    <message>
        <source>“{}” leads out of the folder that is being sorted.</source>
        <translation>“{}”指向正在整理的文件夹之外。</translation>
    </message>
    <message>
        <source>“{}” belongs to “{}” and is not in the plan; make the plan again.</source>
        <translation>“{}”属于“{}”，但不在计划中；请重新制定计划。</translation>
    </message>
    <message>
        <source>“{}” is a file or a link, so nothing can be sorted into it.</source>
        <translation>“{}”是文件或链接，无法向其中整理。</translation>
    </message>
    <message>
        <source>Something else is named “{}” there since the plan was made.</source>
        <translation>制定计划后，该处出现了另一个名为“{}”的文件。</translation>
    </message>
    <message>
        <source>The copies need {} and the disk of “{}” has {} left.</source>
        <translation>副本需要 {}，而“{}”所在磁盘仅剩 {}。</translation>
    </message>
    <message>
        <source>“{}” stays where it is: the disk is full.</source>
        <translation>“{}”留在原处：磁盘已满。</translation>
    </message>
    <message>
        <source>“{}” stays where it is: the disk is read-only.</source>
        <translation>“{}”留在原处：磁盘为只读。</translation>
    </message>
    <message>
        <source>“{}” stays where it is: the disk is gone.</source>
        <translation>“{}”留在原处：磁盘已断开。</translation>
    </message>
    <message>
        <source>“{}” stays where it is: the system does not allow it.</source>
        <translation>“{}”留在原处：系统不允许。</translation>
    </message>
    <message>
        <source>“{}” stays where it is: the disk or the system does not allow it.</source>
        <translation>“{}”留在原处：磁盘或系统不允许。</translation>
    </message>
    <message>
        <source>“{}” stays where it is: hard links cannot lead to another disk.</source>
        <translation>“{}”留在原处：硬链接不能跨磁盘。</translation>
    </message>
    <message>
        <source>“{}” stays where it is: something else took its name there.</source>
        <translation>“{}”留在原处：目标处已有同名文件。</translation>
    </message>
    <message>
        <source>“{}” stays where it is: {}.</source>
        <translation>“{}”留在原处：{}。</translation>
    </message>
    <message>
        <source>“{}” was changed since.</source>
        <translation>“{}”之后被改动过。</translation>
    </message>
    <message>
        <source>“{}” is neither at its new nor at its old place.</source>
        <translation>“{}”既不在新位置，也不在原位置。</translation>
    </message>
    <message>
        <source>“{}” was moved since and another file stands at its old place.</source>
        <translation>“{}”之后被移走，原位置上是另一个文件。</translation>
    </message>
    <message>
        <source>Another file stands at the old place of “{}”.</source>
        <translation>“{}”的原位置上是另一个文件。</translation>
    </message>
    <message>
        <source>The copy “{}” was changed since.</source>
        <translation>副本“{}”之后被改动过。</translation>
    </message>
    <message>
        <source>The original of “{}” was changed or removed since, so the copy was kept.</source>
        <translation>“{}”的原件之后被改动或删除，因此保留了副本。</translation>
    </message>
    <message>
        <source>“{}” stands behind a link that was not there before.</source>
        <translation>“{}”位于一个之前不存在的链接之后。</translation>
    </message>
    <message>
        <source>These are more photos than can be taken back in one go. Sort fewer categories or folders at a time.</source>
        <translation>照片太多，无法一次撤销。请分几次整理，每次少选一些类别或文件夹。</translation>
    </message>
    <message>
        <source>The link “{}” or its original was changed since.</source>
        <translation>链接“{}”或其原件之后被改动过。</translation>
    </message>
    <message>
        <source>“{}” is not there; connect its disk or make the folder, then try again.</source>
        <translation>“{}”不存在；请连接其所在磁盘或新建该文件夹，然后重试。</translation>
    </message>
    <message>
        <source>“{}” is a file; name a folder to sort into.</source>
        <translation>“{}”是文件；请指定要整理到的文件夹。</translation>
    </message>
    <message>
        <source>“{}” is the root of a disk; choose a folder in it.</source>
        <translation>“{}”是磁盘的根目录；请选择其中的文件夹。</translation>
    </message>
    <message>
        <source>“{}” could not be written: {}.</source>
        <translation>“{}”无法写入：{}。</translation>
    </message>
    <message>
        <source>“{}” {}; it was left as it is.</source>
        <translation>“{}”未作改动：{}。</translation>
    </message>
</context>
<context>
    <name>FilterStrip</name>
    <message>
        <source>Show all photos</source>
        <translation>显示所有照片</translation>
    </message>
</context>
<context>
    <name>FolderCard</name>
    <message>
        <source>Change the folder</source>
        <translation>更换文件夹</translation>
    </message>
    <message>
        <source>No folder yet</source>
        <translation>尚未选择文件夹</translation>
    </message>
    <message>
        <source>Choose one to start</source>
        <translation>选择一个即可开始</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s)</source>
        <comment>in the folder</comment>
        <translation>
            <numerusform>%Ln 张照片</numerusform>
        </translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Look at the photos again</source>
        <translation>重新分析照片</translation>
    </message>
    <message>
        <source>Show in file manager</source>
        <translation>在文件管理器中显示</translation>
    </message>
</context>
<context>
    <name>Footer</name>
    <message>
        <source>Everything stays on this computer.</source>
        <translation>一切都留在这台电脑上。</translation>
    </message>
    <message>
        <source>Looking for photos</source>
        <translation>正在查找照片</translation>
    </message>
    <message>
        <source>Getting ready to look at photos</source>
        <translation>正在准备分析照片</translation>
    </message>
    <message>
        <source>Looking at photos</source>
        <translation>正在分析照片</translation>
    </message>
    <message>
        <source>Getting ready to answer</source>
        <translation>正在准备回答</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>All photos looked at</source>
        <translation>所有照片已分析</translation>
    </message>
    <message>
        <source>Stopped. What is done is kept.</source>
        <translation>已停止，已完成的部分会保留。</translation>
    </message>
    <message>
        <source>Stopped by a problem. What is done is kept.</source>
        <translation>因问题停止，已完成的部分会保留。</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Starter model</source>
        <translation>入门模型</translation>
    </message>
    <message numerus="yes">
        <source>CPU (%Ln core(s))</source>
        <translation>
            <numerusform>处理器（%Ln 核）</numerusform>
        </translation>
    </message>
    <message>
        <source>The starter model knows everyday things: pets, food, the sea, documents. It takes children for adults and is weak on anything rare. Click here for a stronger model.</source>
        <translation>入门模型认得日常事物：宠物、食物、大海、文档。它会把孩子认作成人，也不擅长少见的东西。点这里换一个更强的模型。</translation>
    </message>
    <message>
        <source>Looking at photos with: {}</source>
        <translation>使用的模型：{}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) selected</source>
        <translation>
            <numerusform>已选择 %Ln 张照片</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) could not be read</source>
        <translation>
            <numerusform>%Ln 个文件无法读取</numerusform>
        </translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s)</source>
        <comment>found so far</comment>
        <translation>
            <numerusform>%Ln 张照片</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s)</source>
        <comment>in the folder</comment>
        <translation>
            <numerusform>%Ln 张照片</numerusform>
        </translation>
    </message>
    <message>
        <source>{} per second</source>
        <translation>每秒 {} 张</translation>
    </message>
    <message>
        <source>less than a minute left</source>
        <translation>剩余不到一分钟</translation>
    </message>
    <message numerus="yes">
        <source>about %Ln minute(s) left</source>
        <translation>
            <numerusform>约剩 %Ln 分钟</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>about %Ln hour(s) left</source>
        <translation>
            <numerusform>约剩 %Ln 小时</numerusform>
        </translation>
    </message>
    <message>
        <source>half the machine is yours</source>
        <translation>只占用一半性能</translation>
    </message>
    <message>
        <source>on battery: half the machine is yours</source>
        <translation>使用电池：只占用一半性能</translation>
    </message>
    <message>
        <source>waiting for the power supply</source>
        <translation>等待接通电源</translation>
    </message>
</context>
<context>
    <name>Givings</name>
    <message numerus="yes">
        <source>%Ln picture(s)</source>
        <translation>
            <numerusform>%Ln 张图片</numerusform>
        </translation>
    </message>
    <message>
        <source>The pasted picture could not be kept: is the disk full?</source>
        <translation>无法保存粘贴的图片：磁盘是否已满？</translation>
    </message>
    <message>
        <source>Pasted picture</source>
        <translation>粘贴的图片</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s)</source>
        <comment>like these</comment>
        <translation>
            <numerusform>%Ln 张照片</numerusform>
        </translation>
    </message>
    <message>
        <source>Choose a picture to look for</source>
        <translation>选择用来搜索的图片</translation>
    </message>
</context>
<context>
    <name>GroupConductor</name>
    <message>
        <source>Album “{}”</source>
        <translation>相册“{}”</translation>
    </message>
    <message>
        <source>Album “{}”, mostly: {}</source>
        <translation>相册“{}”，主要内容：{}</translation>
    </message>
</context>
<context>
    <name>GroupList</name>
    <message>
        <source>Groups of duplicates</source>
        <translation>重复照片组</translation>
    </message>
</context>
<context>
    <name>HistoryDialog</name>
    <message>
        <source>History of sorted files</source>
        <translation>整理历史</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Nothing has been sorted yet</source>
        <translation>还没有整理过文件</translation>
    </message>
    <message>
        <source>Every time you sort files into folders, it is written down here, with the way back.</source>
        <translation>每次将文件整理到文件夹都会记录在这里，随时可以撤销。</translation>
    </message>
    <message>
        <source>Everything that was done to your files. A run can be taken back at any time, whole or in part.</source>
        <translation>这里列出对你的文件所做的一切。每次整理都可以随时全部或部分撤销。</translation>
    </message>
    <message>
        <source>Runs, newest first</source>
        <translation>整理记录，最新的在前</translation>
    </message>
    <message>
        <source>Photos of the chosen run</source>
        <translation>所选记录中的照片</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Do the rest of this run</source>
        <translation>完成此次整理的其余部分</translation>
    </message>
    <message>
        <source>Undo the run</source>
        <translation>撤销此次整理</translation>
    </message>
    <message>
        <source>Undo the chosen photos</source>
        <translation>撤销所选照片</translation>
    </message>
    <message>
        <source>Show the folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Back to the history</source>
        <translation>返回历史</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Taken back</source>
        <translation>已撤销</translation>
    </message>
    <message>
        <source>Interrupted</source>
        <translation>已中断</translation>
    </message>
    <message>
        <source>Its record is damaged</source>
        <translation>记录已损坏</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) moved</source>
        <translation>
            <numerusform>已移动 %Ln 张照片</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) copied</source>
        <translation>
            <numerusform>已复制 %Ln 张照片</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) linked</source>
        <translation>
            <numerusform>已链接 %Ln 张照片</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln taken back</source>
        <comment>photos</comment>
        <translation>
            <numerusform>%Ln 张已撤销</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln not done</source>
        <comment>photos</comment>
        <translation>
            <numerusform>%Ln 张未完成</numerusform>
        </translation>
    </message>
    <message>
        <source>In its new place</source>
        <translation>在新位置</translation>
    </message>
    <message>
        <source>Back where it was</source>
        <translation>已回到原处</translation>
    </message>
    <message>
        <source>Stayed where it was</source>
        <translation>留在原处</translation>
    </message>
    <message>
        <source>Left alone</source>
        <translation>未作改动</translation>
    </message>
</context>
<context>
    <name>KeysDialog</name>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
</context>
<context>
    <name>LearningStrip</name>
    <message>
        <source>Show what needs review</source>
        <translation>查看待确认</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>隐藏</translation>
    </message>
    <message numerus="yes">
        <source>%Ln move(s) learned.</source>
        <translation>
            <numerusform>已学习 %Ln 次移动。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln other photo(s) changed bin.</source>
        <translation>
            <numerusform>另有 %Ln 张照片更换了分类。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) put in place.</source>
        <translation>
            <numerusform>已放好 %Ln 张照片。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) waiting for your answer.</source>
        <translation>
            <numerusform>%Ln 张照片等待你确认。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Choose a folder with photos</source>
        <translation>选择存放照片的文件夹</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
    <message>
        <source>Details…</source>
        <translation>详情…</translation>
    </message>
    <message>
        <source>A model that reads this: {}…</source>
        <translation>能看懂这些词的模型：{}…</translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message>
        <source>In use</source>
        <translation>正在使用</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Go on downloading</source>
        <translation>继续下载</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Remove {}</source>
        <translation>移除 {}</translation>
    </message>
    <message>
        <source>Recommended</source>
        <translation>推荐</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>{} of {}</source>
        <translation>{} / {}</translation>
    </message>
    <message>
        <source>{} per second</source>
        <translation>每秒 {}</translation>
    </message>
    <message>
        <source>less than a minute left</source>
        <translation>剩余不到一分钟</translation>
    </message>
    <message numerus="yes">
        <source>about %Ln minute(s) left</source>
        <translation>
            <numerusform>约剩 %Ln 分钟</numerusform>
        </translation>
    </message>
    <message>
        <source>The network is away; trying again soon ({})</source>
        <translation>网络中断，即将重试（{}）</translation>
    </message>
    <message>
        <source>Making sure that it is the right file…</source>
        <translation>正在核对文件是否正确…</translation>
    </message>
    <message>
        <source>Asking what there is…</source>
        <translation>正在询问可下载的内容…</translation>
    </message>
    <message>
        <source>about {} photos per second on this processor (estimated)</source>
        <translation>在本机处理器上每秒约 {} 张照片（估计）</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英文</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>Chinese, English and more</source>
        <translation>中文、英文及更多语言</translation>
    </message>
    <message>
        <source>about {} seconds per photo on this processor (estimated)</source>
        <translation>在本机处理器上每张照片约 {} 秒（估计）</translation>
    </message>
    <message>
        <source>Apple ML Research Model licence (research only)</source>
        <translation>Apple 机器学习研究模型许可证（仅限研究）</translation>
    </message>
    <message>
        <source>CC-BY-NC-4.0 (not for business)</source>
        <translation>CC-BY-NC-4.0（不得商用）</translation>
    </message>
    <message>
        <source>not stated separately by its authors</source>
        <translation>作者未单独说明</translation>
    </message>
</context>
<context>
    <name>ModelNames</name>
    <message>
        <source>Starter model</source>
        <translation>入门模型</translation>
    </message>
</context>
<context>
    <name>ModelsDialog</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>A stronger model sees more in your photos. Changing it loses nothing: what you sorted and taught stays, and the model in use goes on answering until the new one has looked at your photos.</source>
        <translation>更强的模型能从照片中看出更多。更换模型不会丢失任何东西：你的分类和教给它的内容都会保留；新模型分析完照片之前，现在的模型会继续工作。</translation>
    </message>
    <message>
        <source>This installation has only the starter model: it leaves out PyTorch, which the others need. Install ClipSorter with pip to use them; your library stays as it is.</source>
        <translation>此安装只含入门模型，未包含其他模型需要的 PyTorch。要使用它们，请用 pip 安装 ClipSorter；您的资料库保持原样。</translation>
    </message>
    <message>
        <source>Looking which models there are…</source>
        <translation>正在查看有哪些模型…</translation>
    </message>
    <message>
        <source>NETWORK</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Add from a folder…</source>
        <translation>从文件夹添加…</translation>
    </message>
    <message>
        <source>Add from an archive…</source>
        <translation>从压缩包添加…</translation>
    </message>
    <message>
        <source>like the system, or http://host:port</source>
        <translation>与系统相同，或 http://主机:端口</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>镜像</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>Everyday things from the first minute: pets, food, the sea, documents. Built in.</source>
        <translation>内置，开箱即用：认得宠物、食物、大海、文档等日常事物。</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Download {} ({})?</source>
        <translation>下载 {}（{}）？</translation>
    </message>
    <message>
        <source>From {}</source>
        <translation>来自 {}</translation>
    </message>
    <message>
        <source>Licence: {}</source>
        <translation>许可证：{}</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>未说明</translation>
    </message>
    <message>
        <source>This licence does not allow business use.</source>
        <translation>此许可证不允许商业用途。</translation>
    </message>
    <message>
        <source>The weights were converted from its authors&apos; pickles by the hub&apos;s own robot.</source>
        <translation>权重由模型站自己的机器人从作者发布的 pickle 文件转换而来。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove {} from this computer?</source>
        <translation>从本机移除 {}？</translation>
    </message>
    <message>
        <source>Your photos, categories and decisions stay. It can be downloaded again.</source>
        <translation>你的照片、分类和决定都会保留。以后可以重新下载。</translation>
    </message>
    <message>
        <source>Also forget what it saw in your photos</source>
        <translation>同时忘记它在照片中看到的内容</translation>
    </message>
    <message>
        <source>Choose the folder of a model</source>
        <translation>选择模型所在的文件夹</translation>
    </message>
    <message>
        <source>Choose the archive of a model</source>
        <translation>选择模型的压缩包</translation>
    </message>
</context>
<context>
    <name>NameDialog</name>
    <message>
        <source>There is a list of this name already.</source>
        <translation>已有同名的列表。</translation>
    </message>
</context>
<context>
    <name>NoHitsPage</name>
    <message>
        <source>Show the nearest anyway</source>
        <translation>仍然显示最接近的</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>Nothing matches “{}”</source>
        <translation>没有照片符合“{}”</translation>
    </message>
    <message>
        <source>Nothing looks like this picture</source>
        <translation>没有与这张图片相似的照片</translation>
    </message>
    <message>
        <source>The nearest photo has a similarity of {nearest}; a match starts at {cutoff}.</source>
        <translation>最接近的照片相似度为 {nearest}；达到 {cutoff} 才算符合。</translation>
    </message>
    <message>
        <source>Try fewer or plainer words, for example “dog” or “people at a table”.</source>
        <translation>试试更少、更简单的词，例如“狗”或“桌边的人”。</translation>
    </message>
    <message>
        <source>Leaving out one part alone does not help.</source>
        <translation>只去掉其中一项也没有结果。</translation>
    </message>
    <message>
        <source>Photos are still coming in; matches appear by themselves.</source>
        <translation>照片仍在陆续加入，符合的会自动出现。</translation>
    </message>
    <message>
        <source>What stands in the way:</source>
        <translation>去掉一个条件试试：</translation>
    </message>
    <message numerus="yes">
        <source>Leave out {}: %Ln photo(s)</source>
        <translation>
            <numerusform>去掉{}：%Ln 张照片</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PhotoArea</name>
    <message>
        <source>The first photos appear in a moment</source>
        <translation>第一批照片马上出现</translation>
    </message>
    <message>
        <source>You can type categories meanwhile. Searching and sorting work while photos come in.</source>
        <translation>现在就可以输入分类；照片陆续加入时，搜索和分类都能使用。</translation>
    </message>
    <message>
        <source>None of the photos could be read</source>
        <translation>所有照片都无法读取</translation>
    </message>
    <message>
        <source>“Could not be read” on the left tells why.</source>
        <translation>左侧的“无法读取”会说明原因。</translation>
    </message>
    <message>
        <source>Choose another folder…</source>
        <translation>选择其他文件夹…</translation>
    </message>
    <message>
        <source>There are no photos in this folder</source>
        <translation>此文件夹中没有照片</translation>
    </message>
    <message>
        <source>ClipSorter looks for JPEG, PNG, WebP, TIFF, AVIF and other pictures in all folders below it.</source>
        <translation>ClipSorter 会在其所有子文件夹中查找 JPEG、PNG、WebP、TIFF、AVIF 等图片。</translation>
    </message>
    <message>
        <source>There is nothing to show from this folder</source>
        <translation>这个文件夹没有可显示的内容</translation>
    </message>
    <message>
        <source>The message above says why. When that is mended, press F5.</source>
        <translation>上方的消息说明了原因。解决后请按 F5。</translation>
    </message>
    <message>
        <source>No photos have been looked at yet</source>
        <translation>还没有分析过照片</translation>
    </message>
    <message>
        <source>Press F5 to look at the photos of this folder again, or choose another one.</source>
        <translation>按 F5 重新分析此文件夹的照片，或选择其他文件夹。</translation>
    </message>
    <message>
        <source>Nothing here matches the search</source>
        <translation>这里没有符合搜索的照片</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) elsewhere in the folder match.</source>
        <translation>
            <numerusform>文件夹中其他位置有 %Ln 张照片符合。</numerusform>
        </translation>
    </message>
    <message>
        <source>Search all photos</source>
        <translation>搜索全部照片</translation>
    </message>
    <message>
        <source>Nothing confirmed yet</source>
        <translation>尚未确认任何照片</translation>
    </message>
    <message>
        <source>Photos that you drag into a bin, or confirm there, are gathered here.</source>
        <translation>你拖入分类或在其中确认的照片会集中在这里。</translation>
    </message>
    <message>
        <source>Nothing needs review</source>
        <translation>没有需要确认的照片</translation>
    </message>
    <message>
        <source>No photo is close between two categories.</source>
        <translation>没有介于两个分类之间的照片。</translation>
    </message>
    <message>
        <source>Show all photos</source>
        <translation>显示所有照片</translation>
    </message>
</context>
<context>
    <name>PhotoWishes</name>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Move to</source>
        <translation>移动到</translation>
    </message>
    <message>
        <source>Unsorted</source>
        <translation>未分类</translation>
    </message>
    <message>
        <source>Confirm here</source>
        <translation>确认属于此分类</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
</context>
<context>
    <name>PictureMenu</name>
    <message>
        <source>Choose a picture…</source>
        <translation>选择图片…</translation>
    </message>
    <message>
        <source>Paste a picture</source>
        <translation>粘贴图片</translation>
    </message>
</context>
<context>
    <name>PlanModel</name>
    <message>
        <source>Cannot be sorted</source>
        <translation>无法整理</translation>
    </message>
    <message>
        <source>as “{}”</source>
        <translation>存为“{}”</translation>
    </message>
    <message>
        <source>There already</source>
        <translation>已经存在</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>说明</translation>
    </message>
    <message numerus="yes">
        <source>%Ln link(s)</source>
        <translation>
            <numerusform>%Ln 个链接</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s)</source>
        <translation>
            <numerusform>%Ln 张照片</numerusform>
        </translation>
    </message>
    <message>
        <source>another file has its name there, so it gets a number</source>
        <translation>该处已有同名文件，因此加上编号</translation>
    </message>
    <message>
        <source>with {}</source>
        <translation>连同 {}</translation>
    </message>
</context>
<context>
    <name>QueryWords</name>
    <message>
        <source>This quotation mark is never closed.</source>
        <translation>这个引号没有闭合。</translation>
    </message>
    <message>
        <source>Something to look for is missing here.</source>
        <translation>这里缺少要查找的内容。</translation>
    </message>
    <message>
        <source>What is unwanted cannot have a weight.</source>
        <translation>要排除的内容不能带权重。</translation>
    </message>
    <message>
        <source>“{}:” is a condition and cannot have a weight.</source>
        <translation>“{}:” 是条件，不能带权重。</translation>
    </message>
    <message>
        <source>“is:” is followed by one of these: {}.</source>
        <translation>“is:” 后面要写以下之一：{}。</translation>
    </message>
    <message>
        <source>A date is written 2023, 2023-05 or 2023-05-17.</source>
        <translation>日期写作 2023、2023-05 或 2023-05-17。</translation>
    </message>
    <message>
        <source>A range of dates has two ends.</source>
        <translation>日期范围要有开始和结束。</translation>
    </message>
    <message>
        <source>This range of dates ends before it begins.</source>
        <translation>这个日期范围的结束早于开始。</translation>
    </message>
    <message>
        <source>There is no day {}.</source>
        <translation>没有 {} 这一天。</translation>
    </message>
    <message>
        <source>There is no photo named “{}” here.</source>
        <translation>这里没有名为“{}”的照片。</translation>
    </message>
    <message>
        <source>These terms cancel each other out.</source>
        <translation>这些词互相抵消了。</translation>
    </message>
    <message>
        <source>It is not known when these photos were taken.</source>
        <translation>不知道这些照片是何时拍摄的。</translation>
    </message>
    <message>
        <source>“{}:” cannot be asked here.</source>
        <translation>这里不能用“{}:”查询。</translation>
    </message>
    <message>
        <source>The model does not know “{}”; try another word.</source>
        <translation>模型不认识“{}”；请换一个词试试。</translation>
    </message>
    <message>
        <source>A weight is a number from 0.001 to 1000.</source>
        <translation>权重须为 0.001 到 1000 之间的数字。</translation>
    </message>
</context>
<context>
    <name>ReasonWords</name>
    <message>
        <source>This photo needs more memory than is allowed for one.</source>
        <translation>这张照片需要的内存超出了单张照片的上限。</translation>
    </message>
    <message>
        <source>This is not a picture that ClipSorter can read, whatever its name says.</source>
        <translation>无论名称怎么写，这都不是 ClipSorter 能读取的图片。</translation>
    </message>
    <message>
        <source>This picture is damaged or incomplete.</source>
        <translation>这张图片已损坏或不完整。</translation>
    </message>
    <message>
        <source>This file is empty.</source>
        <translation>这个文件是空的。</translation>
    </message>
    <message>
        <source>This is no longer a regular file.</source>
        <translation>这已不再是普通文件。</translation>
    </message>
    <message>
        <source>This file is larger than {} MB.</source>
        <translation>这个文件大于 {} MB。</translation>
    </message>
    <message>
        <source>This file is gone.</source>
        <translation>这个文件已不存在。</translation>
    </message>
    <message>
        <source>You have no permission to read this file.</source>
        <translation>你没有读取这个文件的权限。</translation>
    </message>
    <message>
        <source>This file cannot be read from its disk ({}).</source>
        <translation>无法从磁盘读取这个文件（{}）。</translation>
    </message>
    <message>
        <source>This photo claims {} × {} pixels; up to {} million are read.</source>
        <translation>这张照片标称 {} × {} 像素；最多读取 {} 百万像素。</translation>
    </message>
    <message>
        <source>HEIC photos need an optional part: install clipsorter[heif] to include them.</source>
        <translation>HEIC 照片需要可选组件：请安装 clipsorter[heif]。</translation>
    </message>
    <message>
        <source>Videos need an optional part: install clipsorter[video] to include them.</source>
        <translation>视频需要一个可选组件：请安装 clipsorter[video]。</translation>
    </message>
    <message>
        <source>This is not a video that ClipSorter can read, or it is damaged.</source>
        <translation>这不是 ClipSorter 能读取的视频，或者已损坏。</translation>
    </message>
    <message>
        <source>Reading this photo took longer than {} seconds, so it was given up.</source>
        <translation>读取这张照片超过 {} 秒，已放弃。</translation>
    </message>
    <message>
        <source>Reading this photo failed twice; it is probably damaged.</source>
        <translation>读取这张照片失败两次，它可能已损坏。</translation>
    </message>
    <message>
        <source>You have no permission to look into this folder.</source>
        <translation>你没有查看这个文件夹的权限。</translation>
    </message>
    <message>
        <source>This folder disappeared while it was read.</source>
        <translation>这个文件夹在读取时消失了。</translation>
    </message>
    <message>
        <source>This folder cannot be read ({}).</source>
        <translation>无法读取这个文件夹（{}）。</translation>
    </message>
    <message>
        <source>You have no permission to look at this file.</source>
        <translation>你没有查看这个文件的权限。</translation>
    </message>
    <message>
        <source>This file disappeared while its folder was read.</source>
        <translation>读取文件夹时，这个文件消失了。</translation>
    </message>
    <message>
        <source>This file cannot be looked at ({}).</source>
        <translation>无法查看这个文件（{}）。</translation>
    </message>
    <message>
        <source>Camera raw photos need an optional part: install clipsorter[raw] to include them.</source>
        <translation>相机 RAW 照片需要可选组件：请安装 clipsorter[raw]。</translation>
    </message>
</context>
<context>
    <name>RecentMenu</name>
    <message>
        <source>Forget these searches</source>
        <translation>清除搜索历史</translation>
    </message>
</context>
<context>
    <name>RecoverBar</name>
    <message>
        <source>Finish</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>History…</source>
        <translation>历史…</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>隐藏</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) are still where they were sorted to</source>
        <translation>
            <numerusform>还有 %Ln 张照片留在整理后的位置</numerusform>
        </translation>
    </message>
    <message>
        <source>Taking sorted files back was interrupted ({}): {}. Nothing is lost.</source>
        <translation>撤销整理时中断了（{}）：{}。没有丢失任何内容。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) had been sorted</source>
        <translation>
            <numerusform>已整理 %Ln 张照片</numerusform>
        </translation>
    </message>
    <message>
        <source>Sorting files was interrupted ({}): {} of {}. Nothing is lost.</source>
        <translation>整理文件时中断了（{}）：{}，共 {} 张。没有丢失任何内容。</translation>
    </message>
    <message>
        <source>Finish taking back</source>
        <translation>继续撤销</translation>
    </message>
</context>
<context>
    <name>Restoring</name>
    <message>
        <source>Restore the newest copy</source>
        <translation>恢复最近的副本</translation>
    </message>
    <message>
        <source>A copy of your data was restored.</source>
        <translation>已恢复数据的副本。</translation>
    </message>
    <message>
        <source>What you did after it was made is missing. Your photos are not affected.</source>
        <translation>副本之后所做的操作已丢失；照片不受影响。</translation>
    </message>
</context>
<context>
    <name>RunPage</name>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop between two files; what is done can be taken back</source>
        <translation>在两个文件之间停止；已完成的可以撤销</translation>
    </message>
    <message>
        <source>What was not done, and why</source>
        <translation>未完成的文件及原因</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
</context>
<context>
    <name>SearchConductor</name>
    <message numerus="yes">
        <source>Nothing matches well enough. These %Ln photo(s) come nearest.</source>
        <translation>
            <numerusform>没有足够符合的照片，以下 %Ln 张最接近。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Describe what you want to see…</source>
        <translation>描述你想找的画面…</translation>
    </message>
    <message>
        <source>Search photos</source>
        <translation>搜索照片</translation>
    </message>
    <message>
        <source>Show together</source>
        <translation>排在一起看</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>清除搜索</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s)</source>
        <comment>search hits</comment>
        <translation>
            <numerusform>%Ln 张照片</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Show all %Ln hit(s) together, best first</source>
        <translation>
            <numerusform>把全部 %Ln 个结果排在一起看，最符合的在前</numerusform>
        </translation>
    </message>
    <message>
        <source>Earlier searches</source>
        <translation>搜索历史</translation>
    </message>
    <message>
        <source>Search with a picture</source>
        <translation>以图搜图</translation>
    </message>
</context>
<context>
    <name>SetsMenu</name>
    <message>
        <source>Keep these categories as…</source>
        <translation>将这些分类保存为…</translation>
    </message>
    <message>
        <source>To begin with</source>
        <translation>入门分类</translation>
    </message>
    <message>
        <source>Read from a file…</source>
        <translation>从文件读取…</translation>
    </message>
    <message>
        <source>Write to a file…</source>
        <translation>写入文件…</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Replace by what is there</source>
        <translation>用当前分类替换</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>A name for this list of categories:</source>
        <translation>为这组分类命名：</translation>
    </message>
    <message>
        <source>Keep the categories</source>
        <translation>保存分类</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Another name for “{}”:</source>
        <translation>“{}”的新名称：</translation>
    </message>
    <message>
        <source>Rename the list</source>
        <translation>重命名这组分类</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Lists of categories (*.toml)</source>
        <translation>分类列表 (*.toml)</translation>
    </message>
    <message>
        <source>Read categories</source>
        <translation>读取分类</translation>
    </message>
    <message>
        <source>categories</source>
        <translation>分类</translation>
    </message>
    <message>
        <source>Write categories</source>
        <translation>写入分类</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>APPEARANCE</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>MODEL</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>KINDS OF FILES</source>
        <translation>文件类型</translation>
    </message>
    <message>
        <source>FOLDERS THAT ARE NEVER LOOKED INTO</source>
        <translation>不扫描的文件夹</translation>
    </message>
    <message>
        <source>DATA</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Like the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>No</source>
        <translation>否</translation>
    </message>
    <message>
        <source>Nothing fades, blinks or runs to and fro</source>
        <translation>不淡入淡出、不闪烁、不来回移动</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Size of the photos</source>
        <translation>缩略图大小</translation>
    </message>
    <message>
        <source>Reduce motion</source>
        <translation>减少动态效果</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Built-in</source>
        <translation>内置</translation>
    </message>
    <message>
        <source>Use the starter model that comes with ClipSorter</source>
        <translation>使用 ClipSorter 自带的入门模型</translation>
    </message>
    <message>
        <source>The fastest one here</source>
        <translation>这台电脑上最快的</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>Graphics card (CUDA)</source>
        <translation>显卡（CUDA）</translation>
    </message>
    <message>
        <source>Graphics of a Mac (MPS)</source>
        <translation>Mac 显卡（MPS）</translation>
    </message>
    <message>
        <source>Graphics by Intel (XPU)</source>
        <translation>Intel 显卡（XPU）</translation>
    </message>
    <message>
        <source>A folder with an OpenCLIP model, or a name such as ViT-B-32/laion2b_s34b_b79k whose files are on this computer. Photos are looked at once for each model; what was learned from you stays.</source>
        <translation>含有 OpenCLIP 模型的文件夹，或文件已在这台电脑上的模型名称，例如 ViT-B-32/laion2b_s34b_b79k。每个模型只需分析照片一次；从你这里学到的内容会保留。</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Works on</source>
        <translation>运行于</translation>
    </message>
    <message>
        <source>By name or folder</source>
        <translation>名称或文件夹</translation>
    </message>
    <message>
        <source>Folders that are never looked into</source>
        <translation>不扫描的文件夹</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Raw files of cameras</source>
        <translation>相机 RAW 文件</translation>
    </message>
    <message>
        <source>Videos</source>
        <translation>视频</translation>
    </message>
    <message>
        <source>IMG.jpg.xmp (digiKam, darktable)</source>
        <translation>IMG.jpg.xmp（digiKam、darktable）</translation>
    </message>
    <message>
        <source>IMG.xmp (Lightroom, Adobe)</source>
        <translation>IMG.xmp（Lightroom、Adobe）</translation>
    </message>
    <message>
        <source>New keyword files</source>
        <translation>新建的关键词文件</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Reset cut-offs</source>
        <translation>恢复默认门槛</translation>
    </message>
    <message>
        <source>Sort as strictly as at first, in all categories</source>
        <translation>让所有分类恢复最初的严格程度</translation>
    </message>
    <message>
        <source>Remembered in</source>
        <translation>保存在</translation>
    </message>
    <message>
        <source>Strictness</source>
        <translation>严格程度</translation>
    </message>
    <message>
        <source>Choose the folder of a model</source>
        <translation>选择模型所在的文件夹</translation>
    </message>
    <message>
        <source>Choose a folder that is never looked into</source>
        <translation>选择不扫描的文件夹</translation>
    </message>
    <message>
        <source>WORK IN THE BACKGROUND</source>
        <translation>后台工作</translation>
    </message>
    <message>
        <source>As fast as it goes</source>
        <translation>全速</translation>
    </message>
    <message>
        <source>Leave me half the machine</source>
        <translation>只占用一半性能</translation>
    </message>
    <message>
        <source>Go on as always</source>
        <translation>照常进行</translation>
    </message>
    <message>
        <source>Wait for the power supply</source>
        <translation>等待接通电源</translation>
    </message>
    <message>
        <source>Looking at photos</source>
        <translation>分析照片</translation>
    </message>
    <message>
        <source>On battery</source>
        <translation>使用电池时</translation>
    </message>
    <message>
        <source>Get a stronger model…</source>
        <translation>获取更强的模型…</translation>
    </message>
    <message>
        <source>All graphics cards</source>
        <translation>所有显卡</translation>
    </message>
    <message>
        <source>Graphics card {}</source>
        <translation>显卡 {}</translation>
    </message>
</context>
<context>
    <name>SidePanel</name>
    <message>
        <source>Unsorted</source>
        <translation>未分类</translation>
    </message>
    <message>
        <source>Needs review</source>
        <translation>待确认</translation>
    </message>
    <message>
        <source>Confirmed by me</source>
        <translation>我已确认</translation>
    </message>
    <message>
        <source>Could not be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>All photos</source>
        <translation>所有照片</translation>
    </message>
    <message>
        <source>All photos in one grid (Ctrl+3)</source>
        <translation>所有照片排在一起（Ctrl+3）</translation>
    </message>
    <message>
        <source>CATEGORIES</source>
        <translation>分类</translation>
    </message>
    <message>
        <source>Sort files…</source>
        <translation>整理文件…</translation>
    </message>
    <message>
        <source>Sort files into folders…</source>
        <translation>将文件整理到文件夹…</translation>
    </message>
    <message>
        <source>SMART GROUPS</source>
        <translation>智能分组</translation>
    </message>
    <message>
        <source>Lists of categories</source>
        <translation>分类列表</translation>
    </message>
    <message>
        <source>Duplicates</source>
        <translation>重复照片</translation>
    </message>
</context>
<context>
    <name>SimilarityBars</name>
    <message>
        <source>Similarity to every category</source>
        <translation>与每个分类的相似度</translation>
    </message>
    <message>
        <source>similarity {}</source>
        <translation>相似度 {}</translation>
    </message>
    <message>
        <source>cut-off {}</source>
        <translation>门槛 {}</translation>
    </message>
</context>
<context>
    <name>StrictnessButton</name>
    <message>
        <source>How strictly to sort</source>
        <translation>分类的严格程度</translation>
    </message>
    <message>
        <source>Sort everything</source>
        <translation>全部归类</translation>
    </message>
    <message>
        <source>Only sure matches</source>
        <translation>只要有把握的</translation>
    </message>
    <message>
        <source>Photos that fit no category well enough stay in Unsorted.</source>
        <translation>与任何分类都不够接近的照片留在“未分类”。</translation>
    </message>
</context>
<context>
    <name>SuggestionGroup</name>
    <message>
        <source>SUGGESTIONS</source>
        <translation>建议</translation>
    </message>
    <message>
        <source>Hide the suggestions</source>
        <translation>隐藏建议</translation>
    </message>
</context>
<context>
    <name>SuggestionRow</name>
    <message>
        <source>Add the category {}</source>
        <translation>添加分类“{}”</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) look like this</source>
        <translation>
            <numerusform>%Ln 张照片与此相似</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SuggestionStrip</name>
    <message>
        <source>What is in your photos? Type a category on the left, or start with one of these:</source>
        <translation>你的照片里有什么？在左侧输入分类，或从这些开始：</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>隐藏</translation>
    </message>
</context>
<context>
    <name>Suggestions</name>
    <message>
        <source>Add the category {}</source>
        <translation>添加分类“{}”</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人物</translation>
    </message>
    <message>
        <source>Pets</source>
        <translation>宠物</translation>
    </message>
    <message>
        <source>Food</source>
        <translation>美食</translation>
    </message>
    <message>
        <source>Beach</source>
        <translation>海滩</translation>
    </message>
    <message>
        <source>Mountains</source>
        <translation>山景</translation>
    </message>
    <message>
        <source>City</source>
        <translation>城市</translation>
    </message>
    <message>
        <source>Flowers</source>
        <translation>花卉</translation>
    </message>
    <message>
        <source>Vehicles</source>
        <translation>车辆</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>文档</translation>
    </message>
    <message>
        <source>Screenshots</source>
        <translation>截图</translation>
    </message>
</context>
<context>
    <name>TagDialog</name>
    <message>
        <source>Write keywords</source>
        <translation>写入关键词</translation>
    </message>
    <message>
        <source>Keyword</source>
        <translation>关键词</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>What it shows</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Every category that fits well enough</source>
        <translation>所有足够符合的分类</translation>
    </message>
    <message>
        <source>Only what I confirmed</source>
        <translation>仅我确认过的</translation>
    </message>
    <message>
        <source>IMG.jpg.xmp (digiKam, darktable)</source>
        <translation>IMG.jpg.xmp（digiKam、darktable）</translation>
    </message>
    <message>
        <source>IMG.xmp (Lightroom, Adobe)</source>
        <translation>IMG.xmp（Lightroom、Adobe）</translation>
    </message>
    <message>
        <source>Also what describes the folder a photo is in</source>
        <translation>同时写入描述照片所在文件夹的分类</translation>
    </message>
    <message>
        <source>Keywords</source>
        <translation>关键词</translation>
    </message>
    <message>
        <source>New files are named</source>
        <translation>新文件命名</translation>
    </message>
    <message>
        <source>Photos for each keyword</source>
        <translation>每个关键词的照片数</translation>
    </message>
    <message>
        <source>What each folder shows</source>
        <translation>每个文件夹的内容</translation>
    </message>
    <message>
        <source>Remove our keywords</source>
        <translation>移除我们的关键词</translation>
    </message>
    <message>
        <source>Only what ClipSorter wrote below this folder; everything else stays</source>
        <translation>仅移除 ClipSorter 在此文件夹下写入的内容，其余保留</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>正在统计…</translation>
    </message>
    <message>
        <source>Writing keywords…</source>
        <translation>正在写入关键词…</translation>
    </message>
    <message>
        <source>Removing our keywords…</source>
        <translation>正在移除我们的关键词…</translation>
    </message>
    <message>
        <source>Stopped; the rest was not begun.</source>
        <translation>已停止，其余尚未处理。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Categories become keywords in small .xmp files beside the photos, which Lightroom, digiKam, darktable and others read. Keywords of others are kept, and ours can be removed at any time.</source>
        <translation>分类会写成照片旁边小型 .xmp 文件中的关键词，Lightroom、digiKam、darktable 等软件都能读取。其他软件的关键词会保留，我们写入的随时可以移除。</translation>
    </message>
    <message>
        <source>Also into the photos themselves (JPEG, PNG, TIFF, WebP)</source>
        <translation>同时写入照片文件本身（JPEG、PNG、TIFF、WebP）</translation>
    </message>
    <message>
        <source>Written by ExifTool; each photo is compared, pixel by pixel, before the new file takes its place</source>
        <translation>由 ExifTool 写入；新文件替换之前会逐像素比较每张照片</translation>
    </message>
    <message>
        <source>This needs ExifTool, which is not installed</source>
        <translation>这需要 ExifTool，但尚未安装</translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) would be written.</source>
        <translation>
            <numerusform>将写入 %Ln 个文件。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln need no change.</source>
        <comment>files</comment>
        <translation>
            <numerusform>%Ln 个无需改动。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln cannot be written and would be left alone.</source>
        <comment>files</comment>
        <translation>
            <numerusform>%Ln 个无法写入，将保持不变。</numerusform>
        </translation>
    </message>
    <message>
        <source>All photos get keywords, not only those that match the search “{}”.</source>
        <translation>所有照片都会写入关键词，不只是符合搜索“{}”的照片。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) were left alone; the list says why.</source>
        <translation>
            <numerusform>%Ln 个文件未作改动，原因见列表。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Keywords were written to %Ln file(s).</source>
        <translation>
            <numerusform>已将关键词写入 %Ln 个文件。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Our keywords were removed from %Ln file(s).</source>
        <translation>
            <numerusform>已从 %Ln 个文件中移除我们的关键词。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Terms</name>
    <message>
        <source>Looks like {}</source>
        <translation>看起来像{}</translation>
    </message>
</context>
<context>
    <name>TokenWords</name>
    <message>
        <source>without {}</source>
        <translation>不含{}</translation>
    </message>
    <message>
        <source>Like {}</source>
        <translation>像 {}</translation>
    </message>
    <message>
        <source>Tag: {}</source>
        <translation>标签：{}</translation>
    </message>
    <message>
        <source>Category: {}</source>
        <translation>分类：{}</translation>
    </message>
    <message>
        <source>Unsorted</source>
        <translation>未分类</translation>
    </message>
    <message>
        <source>Needs review</source>
        <translation>待确认</translation>
    </message>
    <message>
        <source>Confirmed by me</source>
        <translation>我已确认</translation>
    </message>
    <message>
        <source>yyyy</source>
        <comment>a year</comment>
        <translation>yyyy年</translation>
    </message>
    <message>
        <source>MMMM yyyy</source>
        <comment>a month and its year</comment>
        <translation>yyyy年M月</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <comment>a day</comment>
        <translation>yyyy年M月d日</translation>
    </message>
    <message>
        <source>Spring {}</source>
        <translation>{}春季</translation>
    </message>
    <message>
        <source>Summer {}</source>
        <translation>{}夏季</translation>
    </message>
    <message>
        <source>Autumn {}</source>
        <translation>{}秋季</translation>
    </message>
    <message>
        <source>Winter {}</source>
        <translation>{}冬季</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Menu</source>
        <translation>菜单</translation>
    </message>
</context>
<context>
    <name>Viewed</name>
    <message>
        <source>Unsorted</source>
        <translation>未分类</translation>
    </message>
    <message>
        <source>You put it here. It teaches this category what you mean.</source>
        <translation>由你放到这里。它让这个分类明白你的意思。</translation>
    </message>
    <message>
        <source>It is near “{}”, but looks even more like something that is none of your categories.</source>
        <translation>它接近“{}”，但更像不属于任何分类的东西。</translation>
    </message>
    <message>
        <source>It is nearest to “{}”, but not near enough: the mark is the cut-off.</source>
        <translation>它最接近“{}”，但还不够近：竖线是门槛。</translation>
    </message>
    <message>
        <source>It is nearest to “{}”, and its bar passes the mark, the cut-off.</source>
        <translation>它最接近“{}”，并且超过了竖线所示的门槛。</translation>
    </message>
    <message>
        <source>It fits here; you said that it does not belong to “{}”.</source>
        <translation>它适合这里；你说过它不属于“{}”。</translation>
    </message>
</context>
<context>
    <name>Viewer</name>
    <message>
        <source>Previous photo</source>
        <translation>上一张</translation>
    </message>
    <message>
        <source>Next photo</source>
        <translation>下一张</translation>
    </message>
    <message>
        <source>Why it is here (I)</source>
        <translation>为什么在这里 (I)</translation>
    </message>
    <message>
        <source>One moment…</source>
        <translation>请稍候…</translation>
    </message>
    <message>
        <source>This photo cannot be shown large.</source>
        <translation>无法放大显示这张照片。</translation>
    </message>
    <message>
        <source>only a small preview: {}</source>
        <translation>只有小预览图：{}</translation>
    </message>
    <message>
        <source>put here by you</source>
        <translation>由你放入</translation>
    </message>
    <message>
        <source>{} sure</source>
        <translation>把握 {}</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>Sort your photos by meaning</source>
        <translation>按内容整理你的照片</translation>
    </message>
    <message>
        <source>Pick a folder, then say in your own words what to look for: “beach”, “our dog”, “receipts”.
Nothing leaves this computer, and your files stay where they are.</source>
        <translation>选择一个文件夹，再用自己的话说出想找什么：“海滩”“我家的狗”“收据”。
任何内容都不会离开这台电脑，文件也留在原处。</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>or drop one here</source>
        <translation>或把文件夹拖到这里</translation>
    </message>
    <message>
        <source>Some categories to begin with:</source>
        <translation>可以从这些分类开始：</translation>
    </message>
    <message>
        <source>Get a stronger model…</source>
        <translation>获取更强的模型…</translation>
    </message>
    <message>
        <source>The built-in model is for the first minutes; stronger ones see more</source>
        <translation>内置模型适合刚开始用；更强的模型看得更多</translation>
    </message>
</context>
<context>
    <name>WhyWords</name>
    <message>
        <source>You put it here. It teaches this category what you mean.</source>
        <translation>由你放到这里。它让这个分类明白你的意思。</translation>
    </message>
    <message>
        <source>The model does not know the words of your categories.</source>
        <translation>模型不认识你的分类用词。</translation>
    </message>
    <message>
        <source>It fits none of your categories well enough.</source>
        <translation>它与你的任何分类都不够符合。</translation>
    </message>
    <message>
        <source>It looks most like “{}”, one of the phrases of “{}”.</source>
        <translation>它最像“{}”，这是“{}”的短语之一。</translation>
    </message>
    <message>
        <source>It looks most like “{}”.</source>
        <translation>它最像“{}”。</translation>
    </message>
    <message>
        <source>Its similarity to “{name}” is {similarity}, above the cut-off of {cutoff}.</source>
        <translation>它与“{name}”的相似度为 {similarity}，高于门槛 {cutoff}。</translation>
    </message>
    <message>
        <source>Its similarity to “{name}” is {similarity}, below the cut-off of {cutoff}.</source>
        <translation>它与“{name}”的相似度为 {similarity}，低于门槛 {cutoff}。</translation>
    </message>
    <message>
        <source>“{}” describes it much better than “{}”.</source>
        <translation>“{}”比“{}”更能描述它。</translation>
    </message>
    <message>
        <source>It looks like “{}”, which you keep out of “{}”.</source>
        <translation>它看起来像“{}”，而你把这类照片排除在“{}”之外。</translation>
    </message>
    <message>
        <source>You said that it does not belong to “{}”.</source>
        <translation>你说过它不属于“{}”。</translation>
    </message>
    <message>
        <source>Your examples raised it from {before}.</source>
        <translation>你的示例使相似度从 {before} 提高。</translation>
    </message>
    <message>
        <source>Your examples lowered it from {before}.</source>
        <translation>你的示例使相似度从 {before} 降低。</translation>
    </message>
    <message>
        <source>“{}” counted most.</source>
        <translation>其中“{}”影响最大。</translation>
    </message>
</context>
<context>
    <name>_GroupDelegate</name>
    <message>
        <source>the best; stays</source>
        <translation>最佳，保留</translation>
    </message>
    <message>
        <source>goes</source>
        <translation>移走</translation>
    </message>
    <message>
        <source>stays</source>
        <translation>保留</translation>
    </message>
</context>
<context>
    <name>_GroupModel</name>
    <message numerus="yes">
        <source>%Ln copies of the same file</source>
        <translation>
            <numerusform>同一文件的 %Ln 个副本</numerusform>
        </translation>
    </message>
    <message>
        <source>They share one bin; O shows this one in its folder.</source>
        <translation>它们同属一个分类；按 O 在文件夹中显示这一张。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photos that look the same</source>
        <translation>
            <numerusform>%Ln 张看起来相同的照片</numerusform>
        </translation>
    </message>
</context>
</TS>
